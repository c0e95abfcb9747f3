"""From a record to the datagram in it: IPv4 (RFC 791), IPv6 (RFC 8200), and the TCP, UDP or other payload in them.

Fragments are put together (:mod:`.fragments`); of packets in tunnels (:mod:`.tunnels`) it is the innermost one.

Checksums are not verified: where the capturing host is one of the two ends, its network card fills them in after the packet was captured, so that
most captures made at a gateway or an analyzer are full of wrong ones. What a damaged packet says is caught where it contradicts the rest.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from asepsis.evidence.wire.fragments import Fragments, Piece
from asepsis.evidence.wire.link import ARP, IPV4, IPV6, Network, network, reason
from asepsis.evidence.wire.packet import Record
from asepsis.evidence.wire.tunnels import PORTS, PROTOCOLS, at_any_port, in_protocol, in_udp

TCP, UDP = 6, 17
MOST_NESTED = 4
"""Tunnels one in another."""
MOST_EXTENSIONS = 32
MOST_REASONS = 64
_IPV4_HEADER, _IPV6_HEADER = struct.Struct("!BxHHHxBxx4s4s"), struct.Struct("!BxxxHBx16s16s")
_TCP_HEADER, _UDP_HEADER = struct.Struct("!HHIIBBH"), struct.Struct("!HHH")
_FRAGMENTED, _MORE_FRAGMENTS, _OFFSET = 0x3FFF, 0x2000, 0x1FFF
_FRAGMENT, _AUTHENTICATION = 44, 51
_EXTENSIONS = frozenset({0, 43, 60, 135, 139, 140, _AUTHENTICATION})
"""Hop-by-hop, routing, destination options, mobility, HIP, shim6: next header, length in eight bytes; AH counts in fours."""
_new = tuple.__new__
"""Makes a datagram in half the time that its own class takes."""
_CUT = "packet cut short within its headers"
_NESTED = "tunnels or fragments one in another, more than are followed"
_LIES = "packet with headers that contradict each other"
_ETHERTYPES = {ARP: "ARP", 0x8035: "RARP", 0x888E: "EAP over LAN", 0x88CC: "LLDP", 0x88E5: "MACsec (encrypted)", 0x8863: "PPPoE discovery"}


class Datagram(NamedTuple):
    """A TCP segment, a UDP datagram, or the payload of another protocol (ports 0). Addresses are packed, 4 or 16 bytes.

    ``extra`` is (sequence number, acknowledgement number, flags, window) of TCP, else empty. ``length`` is the payload's length on the wire;
    ``captured_whole`` False says that ``payload`` is only its beginning. Hardware addresses are empty where the link has none.
    """

    source: bytes
    destination: bytes
    protocol: int
    sport: int
    dport: int
    payload: bytes
    extra: tuple[int, ...]
    captured_whole: bool
    hw_source: bytes
    hw_destination: bytes
    length: int


class Internet:
    """All packets of one capture. ``not_understood`` counts records of which no datagram came, by reason; fragments that wait are none of them."""

    __slots__ = ("_complain", "_fragments", "_hardware", "_number", "_time", "_wire", "not_understood")

    def __init__(self, complain: Callable[[int, str], None]) -> None:
        """``complain`` takes what is broken, with the number of the packet."""
        self.not_understood: Counter[str] = Counter()
        self._complain = complain
        self._fragments = Fragments(complain)
        self._hardware = (b"", b"")
        self._number = self._time = self._wire = 0

    def packet(self, record: Record) -> Datagram | None:
        """The datagram that ``record`` holds or completes. Never raises, whatever it holds."""
        self._number, self._time, link_type, data, self._wire = record
        inside = network(link_type, data)
        if inside is None:
            self._not(reason(link_type, data))
            return None
        self._hardware = inside[2:]
        return self._ipv4(data, inside[0], 0) if inside[1] == IPV4 else self._network(data, inside, 0)

    def finish(self) -> None:
        """The capture ends: fragments whose datagram is not complete are counted now."""
        self._fragments.finish()
        if self._fragments.given_up:
            self.not_understood["fragment of a datagram that never became whole"] = self._fragments.given_up

    def _not(self, why: str) -> None:
        if why not in self.not_understood and len(self.not_understood) >= MOST_REASONS:
            why = "for yet another reason"
        self.not_understood[why] += 1

    def _broken(self, what: str) -> None:
        self._complain(self._number, what)
        self._not(_LIES)

    def _network(self, data: bytes, inside: Network, depth: int) -> Datagram | None:
        place, ethertype, source, destination = inside
        if source or destination:  # a tunnel that carries packets without frames leaves those of the frame around it
            self._hardware = source, destination
        if ethertype == IPV4:
            return self._ipv4(data, place, depth)
        if ethertype == IPV6:
            return self._ipv6(data, place, depth)
        self._not(_ETHERTYPES.get(ethertype) or f"ethertype 0x{ethertype:04x}")
        return None

    def _ipv4(self, data: bytes, place: int, depth: int) -> Datagram | None:
        try:
            first, total, ident, fragment, protocol, source, destination = _IPV4_HEADER.unpack_from(data, place)
        except struct.error:
            self._not(_CUT)
            return None
        start = place + ((first & 0x0F) << 2)
        end = place + total if total else len(data)  # 0: the network card cuts the segments only after the packet was captured
        if first >> 4 != 4 or start < place + 20 or end < start:  # noqa: PLR2004 - the version, the least header
            self._broken("an IPv4 header says a version or lengths that cannot be")
            return None
        pair = (source, destination)
        if protocol == TCP and end <= len(data) and not fragment & _FRAGMENTED:  # nearly all, by the shortest way
            return self._tcp(data, start, end, pair)
        if fragment & _FRAGMENTED:
            key = (source, destination, struct.pack("!BH", protocol, ident))
            return self._fragment(data, (start, end), (key, (fragment & _OFFSET) << 3, bool(fragment & _MORE_FRAGMENTS)), pair, protocol, depth)
        return self._transport(data, (start, end), pair, protocol, depth)

    def _ipv6(self, data: bytes, place: int, depth: int) -> Datagram | None:
        try:
            first, length, protocol, source, destination = _IPV6_HEADER.unpack_from(data, place)
        except struct.error:
            self._not(_CUT)
            return None
        if first >> 4 != 6:  # noqa: PLR2004 - the version
            self._broken("an IPv6 header says another version")
            return None
        start = place + 40
        end = start + length if length else max(start, len(data))  # 0: a jumbogram, or segments yet to be cut
        return self._extensions(data, (start, end), (source, destination), protocol, depth)

    def _extensions(self, data: bytes, span: tuple[int, int], pair: tuple[bytes, bytes], protocol: int, depth: int) -> Datagram | None:
        """Past the headers between IP and the transport."""
        start, end = span
        for _ in range(MOST_EXTENSIONS):
            if start > end:
                self._broken("extension headers are longer than their packet")
                return None
            if protocol != _FRAGMENT and protocol not in _EXTENSIONS:
                return self._transport(data, (start, end), pair, protocol, depth)
            if start + 8 > min(end, len(data)):
                self._not(_CUT)
                return None
            if protocol == _FRAGMENT:
                following, place, ident = struct.unpack_from("!BxH4s", data, start)
                if place & ~0x6:  # else an atomic fragment, which is whole (RFC 6946)
                    return self._fragment(data, (start + 8, end), ((*pair, ident), place & 0xFFF8, bool(place & 1)), pair, following, depth)
                start, protocol = start + 8, following
            else:
                size = data[start + 1] + 2 << 2 if protocol == _AUTHENTICATION else data[start + 1] + 1 << 3
                start, protocol = start + size, data[start]
        self._broken("more extension headers than are followed")
        return None

    def _fragment(self, data: bytes, span: tuple[int, int], piece: Piece, pair: tuple[bytes, bytes], protocol: int, depth: int) -> Datagram | None:
        start, end = span
        if end > len(data):
            self._not("fragment cut short")
            return None
        whole = self._fragments.add(piece, data[start:end], protocol, self._number, self._time)
        if whole is None:
            return None
        if depth >= MOST_NESTED:
            self._not(_NESTED)
            return None
        self._wire = 0  # nothing of a datagram that was put together lies beyond what was captured
        return self._extensions(whole[0], (0, len(whole[0])), pair, whole[1], depth + 1)

    def _transport(self, data: bytes, span: tuple[int, int], pair: tuple[bytes, bytes], protocol: int, depth: int) -> Datagram | None:
        start, end = span
        if end > len(data) and end > self._wire:
            self._complain(self._number, "an IP header says more bytes than the packet has")
        if protocol == TCP:
            return self._tcp(data, start, end, pair)
        if protocol == UDP:
            return self._udp(data, span, pair, depth)
        if protocol == _AUTHENTICATION:
            return self._extensions(data, span, pair, protocol, depth)
        if protocol in PROTOCOLS and (inner := in_protocol(protocol, data, start)):
            return self._tunnel(data, end, inner, depth)
        return Datagram(*pair, protocol, 0, 0, data[start:end], (), end <= len(data), *self._hardware, end - start)

    def _tcp(self, data: bytes, start: int, end: int, pair: tuple[bytes, bytes]) -> Datagram | None:
        try:
            sport, dport, sequence, acknowledged, size, flags, window = _TCP_HEADER.unpack_from(data, start)
        except struct.error:
            self._cut_or_broken(end - start < 20, "a TCP header is longer than its packet")  # noqa: PLR2004 - the least header
            return None
        begin = start + (size >> 4 << 2)
        if begin > end or size < 0x50:  # noqa: PLR2004 - the least header, in four bytes
            self._broken("a TCP header is longer than its packet, or shorter than it can be")
            return None
        source, destination = pair
        hw_source, hw_destination = self._hardware
        extra, whole = (sequence, acknowledged, flags, window), end <= len(data)
        fields = (source, destination, TCP, sport, dport, data[begin:end], extra, whole, hw_source, hw_destination, end - begin)
        return _new(Datagram, fields)

    def _udp(self, data: bytes, span: tuple[int, int], pair: tuple[bytes, bytes], depth: int) -> Datagram | None:
        start, end = span
        begin = start + 8
        if begin > min(end, len(data)):
            self._cut_or_broken(begin > end, "a UDP header is longer than its packet")
            return None
        sport, dport, length = _UDP_HEADER.unpack_from(data, start)
        if 0 < length < 8:  # noqa: PLR2004 - the header counts
            self._broken("a UDP header says less than its own length")
            return None
        said = start + length if length else end  # 0: longer than 65,535 (RFC 2675), or yet to be cut
        if said > end:
            self._complain(self._number, "a UDP header says more bytes than its packet has")
        payload = data[begin : min(said, end)]
        if inner := in_udp(dport, data, begin) if dport in PORTS else at_any_port(data, begin, said):
            return self._tunnel(data, min(said, end), inner, depth)
        return Datagram(*pair, UDP, sport, dport, payload, (), said <= min(end, len(data)), *self._hardware, said - begin)

    def _tunnel(self, data: bytes, end: int, inner: Network, depth: int) -> Datagram | None:
        if depth >= MOST_NESTED:
            self._not(_NESTED)
            return None
        self._wire = min(self._wire, end)
        return self._network(data[:end], inner, depth + 1)

    def _cut_or_broken(self, broken: bool, what: str) -> None:
        if broken:
            self._broken(what)
        else:
            self._not(_CUT)
