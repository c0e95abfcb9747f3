"""Network packets inside other packets.

IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784, 2890, 2637) with mirrored frames (ERSPAN, draft-foschiano-erspan), VXLAN (RFC 7348), Geneve
(RFC 8926), GTP-U (3GPP TS 29.281), and the frames that wireless access points hand on to their controller in clear (CAPWAP, RFC 5415).
Those over UDP are believed only at their port and with a header that says nothing else than theirs can; VXLAN and Geneve at other ports as well, if
what they carry is a frame whose IP packet fills the datagram to its last byte.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from asepsis.evidence.wire.link import IPV4, IPV6, Network, ethernet, inside, network
from asepsis.evidence.wire.wireless import PLAIN, LeftOut

VXLAN_PORT, GENEVE_PORT, GTP_PORT, CAPWAP_PORT = 4789, 6081, 2152, 5247
_ETHERNET, _ERSPAN, _ERSPAN_3, _PPP = 0x6558, 0x88BE, 0x22EB, 0x880B
_CHECKSUM, _ROUTING, _KEY, _SEQUENCE, _ACKNOWLEDGED, _VERSION = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080, 0x0007
_VXLAN_HEAD = b"\x08\0\0\0"
_GENEVE_ETHERNET, _GENEVE_RESERVED = b"\x65\x58", 0x3F
_MOST_PADDING = 46
"""Of an Ethernet frame whose packet is shorter than the least there is (IEEE 802.3, 3.2.8)."""
_USER_DATA, _GTP_OPTIONS = 0xFF, 0x07
_CAPWAP_NATIVE, _CAPWAP_FRAGMENT = 0x01, 0x80


def _gre(data: bytes, start: int) -> Network:
    flags, ethertype = struct.unpack_from("!HH", data, start)
    if flags & _ROUTING:
        raise LeftOut("GRE with source routes")
    place = start + 4 + (4 if flags & _CHECKSUM else 0) + (4 if flags & _KEY else 0) + (4 if flags & _SEQUENCE else 0)
    if flags & _VERSION:  # PPTP's
        place += 4 if flags & _ACKNOWLEDGED else 0
    if ethertype == _ETHERNET:
        return ethernet(data, place)
    if ethertype == _ERSPAN:
        return ethernet(data, place + (8 if flags & _SEQUENCE else 0))
    if ethertype == _ERSPAN_3:
        return ethernet(data, place + (20 if data[place + 11] & 1 else 12))
    return _compressed_ppp(data, place) if ethertype == _PPP else inside(data, place, ethertype, b"", b"")


def _compressed_ppp(data: bytes, place: int) -> Network:
    """PPP whose address and protocol fields may be left out or shortened (RFC 1661, 6.5 and 6.6)."""
    place += 2 if data[place : place + 2] == b"\xff\x03" else 0
    place += 1 if data[place] == 0 else 0
    protocol = {0x21: IPV4, 0x57: IPV6}.get(data[place])
    if protocol is None:
        raise LeftOut("PPP without a network packet")
    return place + 1, protocol, b"", b""


def _vxlan(data: bytes, start: int) -> Network | None:
    return ethernet(data, start + 8) if data.startswith(_VXLAN_HEAD, start) and not data[start + 7] else None


def _geneve(data: bytes, start: int) -> Network | None:
    """Version 0; options in four bytes."""
    if data[start] & 0xC0 or data[start + 7]:
        return None
    place, (ethertype,) = start + 8 + (data[start] << 2), struct.unpack_from("!H", data, start + 2)
    return ethernet(data, place) if ethertype == _ETHERNET else inside(data, place, ethertype, b"", b"")


def _capwap(data: bytes, start: int) -> Network | None:
    """A preamble of 0 means in clear. Behind the header is a frame of Ethernet, or of 802.11, which some makers write the wrong way round."""
    if data[start] or data[start + 3] & _CAPWAP_FRAGMENT:
        return None
    place = start + (data[start + 1] >> 3 << 2)
    if not data[start + 2] & _CAPWAP_NATIVE:
        return ethernet(data, place)
    frame = data[place:]
    if frame[0] & 3:  # no version of 802.11: frame control and sequence control have their bytes swapped
        frame = frame[1::-1] + frame[2:22] + frame[23:21:-1] + frame[24:]
    found = network(PLAIN, frame)
    return found and (place + found[0], *found[1:])


def _gtp(data: bytes, start: int) -> Network | None:
    """User data of mobile networks: version 1, protocol type 1; then the options that the flags announce, and extension headers."""
    if data[start] & 0xF0 != 0x30 or data[start + 1] != _USER_DATA:  # noqa: PLR2004 - version and type
        return None
    place = start + (12 if data[start] & _GTP_OPTIONS else 8)
    following = data[place - 1] if data[start] & 0x04 else 0
    while following and data[place]:
        place += data[place] << 2
        following = data[place - 1]
    version = data[place] >> 4
    return (place, IPV4 if version == 4 else IPV6, b"", b"") if version in {4, 6} else None  # noqa: PLR2004 - the version's own number


_BY_PROTOCOL: dict[int, Callable[[bytes, int], Network | None]] = {
    4: lambda _, start: (start, IPV4, b"", b""),
    41: lambda _, start: (start, IPV6, b"", b""),
    47: _gre,
}
_BY_PORT: dict[int, Callable[[bytes, int], Network | None]] = {
    VXLAN_PORT: _vxlan,
    GENEVE_PORT: _geneve,
    GTP_PORT: _gtp,
    CAPWAP_PORT: _capwap,
}
PROTOCOLS, PORTS = frozenset(_BY_PROTOCOL), frozenset(_BY_PORT)


def in_protocol(protocol: int, data: bytes, start: int) -> Network | None:
    """The network packet in the payload of an IP protocol, which begins at ``start``; None if there is none that can be read."""
    return _tried(_BY_PROTOCOL[protocol], data, start)


def in_udp(port: int, data: bytes, start: int) -> Network | None:
    """The network packet in the payload of a UDP datagram to one of ``PORTS``, or None."""
    return _tried(_BY_PORT[port], data, start)


def at_any_port(data: bytes, start: int, end: int) -> Network | None:
    """The network packet in a UDP payload from ``start`` to ``end`` that is certainly a tunnel's: not all keep to the port."""
    if data[start + 7 : start + 8] != b"\0":  # with which both headers end
        return None
    if data.startswith(_VXLAN_HEAD, start):
        inner = _tried(_vxlan, data, start)
    elif data.startswith(_GENEVE_ETHERNET, start + 2) and not data[start + 1] & _GENEVE_RESERVED:
        inner = _tried(_geneve, data, start)
    else:
        return None
    return inner if inner and _fills(data, inner, end) else None


def _fills(data: bytes, inner: Network, end: int) -> bool:
    """Whether an IP packet ends where the datagram does, but for padding."""
    place, ethertype = inner[:2]
    if ethertype not in {IPV4, IPV6} or place + 20 > len(data):
        return False
    if ethertype == IPV4:
        right, length = 0x45 <= data[place] <= 0x4F, data[place + 2] << 8 | data[place + 3]  # noqa: PLR2004 - version and header's length
    else:
        right, length = data[place] >> 4 == 6, 40 + (data[place + 4] << 8 | data[place + 5])  # noqa: PLR2004 - the version
    padding = end - place - length
    return right and 0 <= padding < _MOST_PADDING and not any(data[place + length : end])


def _tried(read: Callable[[bytes, int], Network | None], data: bytes, start: int) -> Network | None:
    try:
        return read(data, start)
    except (LeftOut, IndexError, struct.error):
        return None
