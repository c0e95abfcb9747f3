"""Wi-Fi settings that are compiled into the application of an ESP32: constants of type ``wifi_config_t``.

::

    image:    0  E9   1  segments   24  segment: load address, length, bytes, … one after the other
    constant: 0  ssid[32]   32  password[64]   96  station: scan method (0, 1)   or   access point: length of the SSID, channel

Both texts are filled up with zeros; numbers are little-endian, and a constant lies at a multiple of four. Such a constant is what
``esp_wifi_set_config`` is given. Sources: ESP-IDF Programming Guide, "App Image Format"; ``esp_wifi_types.h``, ESP-IDF 4.4 to 5.3.

Known ways it lies: an example's settings (``myssid``) are compiled in and replaced at run time; an old image may lie in the second of two slots.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.secrets import stored, wifi_form
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import SecretKind

_HEADER, _SEGMENT = 24, 8
_SSID, _PASSWORD = 32, 64
_MOST_CHANNEL = 14
MAX_CONSTANTS = 64
"""Of one file; a device knows a few networks."""
_TEXTS = re.compile(rb"(?<![\x20-\x7e])(?=([\x20-\x7e]{1,32})\0{0,31}([\x20-\x7e]{8,64}))")
"""Two texts one after the other; what fills them up is looked at afterwards."""


class EspWifiConfigReader:
    """Emits a :class:`StoredSecret` for each constant; its subject is the SSID."""

    info = ReaderInfo("esp_wifi_config", "Wi-Fi settings in ESP32 programs", (StoredSecret,), ("ESP32 application images in any file",))
    patterns = (Pattern("esp wifi", rb"\xe9[\x01-\x10].{30}\x32\x54\xcd\xab", before=36, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Segment by segment; the same network with the same secret counts once."""
        seen: set[tuple[bytes, bytes]] = set()
        for match in matches:
            for offset, length in _segments(source, match.start):
                data = bytes(source.window(offset, length).buffer)
                for at, ssid, password in _constants(data):
                    if (ssid, password) in seen:
                        continue
                    seen.add((ssid, password))
                    if len(seen) > MAX_CONSTANTS:
                        raise LimitReached("matches_per_file", MAX_CONSTANTS, len(seen))
                    secret = password.decode("ascii")
                    redacted = stored(source, SecretKind.WIFI, wifi_form(secret), secret)
                    where = source.where(offset=offset + at + _SSID)
                    emit(StoredSecret(where, redacted, "esp-wifi-config", ssid.decode("ascii"), "password", confidence=Confidence.LIKELY))


def _segments(source: BoundedSource, start: int) -> Iterator[tuple[int, int]]:
    """Offset and length of each segment of the image at ``start``, as far as the file goes."""
    at = start + _HEADER
    for _ in range(source.buffer[start + 1]):
        if at + _SEGMENT > source.size:
            return
        (length,) = struct.unpack_from("<I", source.buffer, at + 4)
        at += _SEGMENT
        yield at, min(length, source.size - at)
        at += length


def _constants(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Offset, SSID and password of each constant in a segment."""
    for found in _TEXTS.finditer(data):
        at, ssid, password = found.start(), found.group(1), found.group(2)
        whole = data[at : at + _SSID + _PASSWORD + 4]
        texts = ssid.ljust(_SSID, b"\0") + password.ljust(_PASSWORD, b"\0")
        if not at % 4 and len(whole) == len(texts) + 4 and whole.startswith(texts) and _is_next_field(whole[-4:], len(ssid)):
            yield at, ssid, password


def _is_next_field(word: bytes, ssid: int) -> bool:
    """A station's scan method, or an access point's length of the SSID (or none) and channel."""
    return word in {b"\0\0\0\0", b"\1\0\0\0"} or (word[0] in {0, ssid} and word[1] <= _MOST_CHANNEL and word[2:] == b"\0\0")
