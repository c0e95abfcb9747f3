"""From a captured frame to the network packet in it, by the capture's link type (https://www.tcpdump.org/linktypes.html).

Wired: Ethernet II and 802.3 with LLC/SNAP, under VLAN tags (802.1Q, 802.1ad), MPLS (RFC 3032) and PPPoE (RFC 2516); PPP, Linux cooked v1 and v2, raw
IP, loopback. Wireless: 802.11 behind radiotap, PPI or Prism, where it is not encrypted (:mod:`.wireless`).
"""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.wire.wireless import WIRELESS, LeftOut, data_frame

IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806
Network = tuple[int, int, bytes, bytes]
"""Where the network packet begins, its ethertype, and the hardware addresses of source and destination (empty where the link has none)."""

_VLANS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})
_MPLS, _PPPOE = frozenset({0x8847, 0x8848}), 0x8864
_ETHERNET_HEADER, _SMALLEST_TYPE = 14, 0x600
_PPP = {0x0021: IPV4, 0x0057: IPV6}
_SNAP, _LLC_IP = b"\xaa\xaa\x03", b"\x06\x06\x03"
_FAMILIES = {2: IPV4, 10: IPV6, 23: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}
"""AF_INET, and AF_INET6 of Linux, Windows, NetBSD/OpenBSD, FreeBSD and macOS."""
_MOST_TAGS = 16
"""VLAN tags and MPLS labels one in another."""


def network(link_type: int, data: bytes) -> Network | None:
    """The network packet in a frame, or None, of which :func:`reason` says why. Never raises, however short the frame is."""
    if link_type == 1 and data[12:14] == b"\x08\x00":
        return _ETHERNET_HEADER, IPV4, data[6:12], data[:6]
    try:
        return _found(link_type, data)
    except LeftOut:
        return None


def reason(link_type: int, data: bytes) -> str:
    """Why :func:`network` gave None, in words for the coverage."""
    try:
        _found(link_type, data)
    except LeftOut as left_out:
        return str(left_out)
    return ""


def ethernet(data: bytes, start: int = 0) -> Network:
    """The network packet in an Ethernet frame that begins at ``start``. Raises ``LeftOut``."""
    return inside(data, start + _ETHERNET_HEADER, _number(data, start + 12), data[start + 6 : start + 12], data[start : start + 6])


def _found(link_type: int, data: bytes) -> Network:
    if link_type in WIRELESS:
        place, source, destination = data_frame(link_type, data)
        return _llc(data, place, source, destination)
    read = _BY_LINK_TYPE.get(link_type)
    if read is None:
        raise LeftOut(f"link type {link_type} is not read")
    return read(data)


def _number(data: bytes, place: int) -> int:
    """Two bytes as a number. Raises ``LeftOut`` where the frame is shorter."""
    if place + 2 > len(data):
        raise LeftOut("frame cut short")
    return data[place] << 8 | data[place + 1]


def inside(data: bytes, place: int, ethertype: int, source: bytes, destination: bytes) -> Network:
    """Past everything that stands between the link's header and the network packet."""
    for _ in range(_MOST_TAGS):
        if ethertype in _VLANS:
            place, ethertype = place + 4, _number(data, place + 2)
        elif ethertype in _MPLS:
            bottom = _number(data, place + 1) & 1
            place += 4
            if bottom:
                return _under_labels(data, place, source, destination)
        elif ethertype == _PPPOE:
            return place + 8, _ppp(_number(data, place + 6)), source, destination
        elif ethertype < _SMALLEST_TYPE:
            return _llc(data, place, source, destination)
        else:
            return place, ethertype, source, destination
    raise LeftOut("more tags than are followed")


def _llc(data: bytes, place: int, source: bytes, destination: bytes) -> Network:
    """Behind a length (802.3) or in 802.11: IEEE 802.2, with the sub-network access protocol of RFC 1042."""
    head = data[place : place + 3]
    if head == _SNAP:
        ethertype = _number(data, place + 6)
        if ethertype in _VLANS or ethertype >= _SMALLEST_TYPE:
            return inside(data, place + 8, ethertype, source, destination)
    if head == _LLC_IP:
        return place + 3, IPV4, source, destination
    raise LeftOut("802.2 frame without a network packet" if len(head) == len(_SNAP) else "frame cut short")


def _under_labels(data: bytes, place: int, source: bytes, destination: bytes) -> Network:
    """MPLS does not say what it carries: IP by its version, else Ethernet behind a control word, which begins with 0 (RFC 4385)."""
    version = _number(data, place) >> 12
    if version in {4, 6}:
        return place, IPV4 if version == 4 else IPV6, source, destination  # noqa: PLR2004 - the version's own number
    if version:
        raise LeftOut("MPLS with something else than IP")
    return ethernet(data, place + 4)


def _ppp(protocol: int) -> int:
    if protocol not in _PPP:
        raise LeftOut("PPP without a network packet")
    return _PPP[protocol]


def _point_to_point(data: bytes) -> Network:
    start = 2 if data.startswith(b"\xff\x03") else 0
    return start + 2, _ppp(_number(data, start)), b"", b""


def _pppoe(data: bytes) -> Network:
    return 8, _ppp(_number(data, 6)), b"", b""


def _cisco_hdlc(data: bytes) -> Network:
    return inside(data, 4, _number(data, 2), b"", b"")


def _cooked(data: bytes) -> Network:
    """LINKTYPE_LINUX_SLL: one header of 16 bytes whatever the interface."""
    size = _number(data, 4)
    return inside(data, 16, _number(data, 14), data[6 : 6 + min(size, 8)], b"")


def _cooked_v2(data: bytes) -> Network:
    """LINKTYPE_LINUX_SLL2: the protocol stands first."""
    size = _number(data, 10) & 0xFF
    return inside(data, 20, _number(data, 0), data[12 : 12 + min(size, 8)], b"")


def _loopback(data: bytes) -> Network:
    """LINKTYPE_NULL and LINKTYPE_LOOP: an address family in the byte order of whoever captured, or of the network; they are small numbers."""
    family = _number(data, 0) or _number(data, 2)
    family = family if family < 0x100 else family >> 8 | (family & 0xFF) << 8  # noqa: PLR2004 - one byte
    if len(data) < 4 or family not in _FAMILIES:  # noqa: PLR2004 - the header
        raise LeftOut("loopback without a network packet" if len(data) >= 4 else "frame cut short")  # noqa: PLR2004
    return 4, _FAMILIES[family], b"", b""


def _raw(data: bytes) -> Network:
    version = _number(data, 0) >> 12
    if version not in {4, 6}:
        raise LeftOut("raw packet that is neither IPv4 nor IPv6")
    return 0, IPV4 if version == 4 else IPV6, b"", b""  # noqa: PLR2004 - the version's own number


_BY_LINK_TYPE: dict[int, Callable[[bytes], Network]] = {
    0: _loopback,
    1: ethernet,
    9: _point_to_point,
    12: _raw,
    14: _raw,
    50: _point_to_point,
    51: _pppoe,
    101: _raw,
    104: _cisco_hdlc,
    108: _loopback,
    113: _cooked,
    228: _raw,
    229: _raw,
    276: _cooked_v2,
}
