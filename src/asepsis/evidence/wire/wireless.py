"""Data frames of IEEE 802.11 (2020, clause 9.2 and 9.3.2) that are not encrypted, also behind radiotap, PPI or Prism headers.

What is encrypted, a fragment, or several packets in one frame (A-MSDU) is left out with that reason.
"""

from __future__ import annotations

import struct

PLAIN, PRISM, RADIOTAP, AVS, PPI = 105, 119, 127, 163, 192
WIRELESS = frozenset({PLAIN, PRISM, RADIOTAP, AVS, PPI})
_DATA, _WITHOUT_DATA, _QOS = 2, 4, 8
_TO_DS, _FROM_DS, _MORE_FRAGMENTS, _PROTECTED, _ORDER = 0x01, 0x02, 0x04, 0x40, 0x80
_AGGREGATED = 0x80
_HEADER, _MOST_HEADER = 24, 36
_PRISM_COOKIE_AVS = 0x80211001
_RADIOTAP_TIME, _RADIOTAP_FLAGS, _RADIOTAP_MORE = 1, 2, 0x80000000
_PADDED, _BAD_CHECKSUM = 0x20, 0x40


class LeftOut(Exception):
    """No network packet is found in a frame; the message says why, in words for the coverage."""


def data_frame(link_type: int, data: bytes) -> tuple[int, bytes, bytes]:
    """Where the LLC header of a data frame begins, and the addresses of source and destination. Raises ``LeftOut``."""
    start, padded = _HEADS[link_type](data)
    if len(data) < start + _HEADER:
        raise LeftOut("frame cut short")
    control, flags = data[start], data[start + 1]
    _refuse(control, flags, data[start + 22])
    addresses = [data[start + place : start + place + 6] for place in (4, 10, 16, 24)]
    to_ds, from_ds = flags & _TO_DS, flags & _FROM_DS
    end = start + _HEADER + (6 if to_ds and from_ds else 0)
    if control >> 4 & _QOS:
        if data[end : end + 1] and data[end] & _AGGREGATED:
            raise LeftOut("802.11: several packets in one frame (A-MSDU)")
        end += 6 if flags & _ORDER else 2
    if padded:
        end = start + (end - start + 3 & ~3)
    source = addresses[3] if to_ds and from_ds else addresses[2] if from_ds else addresses[1]
    return end, source, addresses[2] if to_ds else addresses[0]


def _refuse(control: int, flags: int, fragment: int) -> None:
    if control & 3 or control >> 2 & 3 != _DATA:
        raise LeftOut("802.11: management or control")
    if control >> 4 & _WITHOUT_DATA:
        raise LeftOut("802.11: frame without data")
    if flags & _PROTECTED:
        raise LeftOut("802.11: encrypted")
    if flags & _MORE_FRAGMENTS or fragment & 0x0F:
        raise LeftOut("802.11: fragment")


def _plain(_data: bytes) -> tuple[int, bool]:
    return 0, False


def _radiotap(data: bytes) -> tuple[int, bool]:
    """The header's length, and whether its flags say that the 802.11 header is padded to four bytes."""
    if len(data) < 8:  # noqa: PLR2004 - up to the first word of what is present
        raise LeftOut("frame cut short")
    length, present = struct.unpack_from("<HI", data, 2)
    place, word = 8, present
    while word & _RADIOTAP_MORE and place + 4 <= min(length, len(data)):
        (word,) = struct.unpack_from("<I", data, place)
        place += 4
    if not present & _RADIOTAP_FLAGS:
        return length, False
    if present & _RADIOTAP_TIME:
        place = (place + 7 & ~7) + 8
    flags = data[place] if place < min(length, len(data)) else 0
    if flags & _BAD_CHECKSUM:
        raise LeftOut("802.11: received with errors")
    return length, bool(flags & _PADDED)


def _ppi(data: bytes) -> tuple[int, bool]:
    """PPI carries a link type of its own."""
    if len(data) < 8:  # noqa: PLR2004 - the header
        raise LeftOut("frame cut short")
    length, link_type = struct.unpack_from("<HI", data, 2)
    if link_type != PLAIN:
        raise LeftOut(f"link type {link_type} in PPI is not read")
    return length, False


def _prism(data: bytes) -> tuple[int, bool]:
    """Prism's own header is always 144 bytes; the AVS header, under the same link type, says its length."""
    if len(data) < 8:  # noqa: PLR2004 - up to the length
        raise LeftOut("frame cut short")
    cookie, length = struct.unpack_from(">II", data)
    return (length if cookie == _PRISM_COOKIE_AVS else 144), False


_HEADS = {PLAIN: _plain, PRISM: _prism, RADIOTAP: _radiotap, AVS: _prism, PPI: _ppi}
