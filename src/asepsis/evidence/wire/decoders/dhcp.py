"""DHCP: what devices call themselves when they ask for an address (RFC 2131, RFC 2132, RFC 4702)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Named
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_COOKIE, _COOKIE_AT, _OPTIONS_AT = b"\x63\x82\x53\x63", 236, 240
_HOST_NAME, _REQUESTED, _KIND, _VENDOR_CLASS, _DOMAIN_NAME = 12, 50, 53, 60, 81
_END, _PAD = 255, 0
_RELEASE = b"\7"
_OFFERS = frozenset({2, 5})
"""OFFER and ACK give an address to the client."""


class DhcpDecoder:
    """Recognises the magic cookie at its place."""

    info = DecoderInfo("dhcp", "DHCP", "RFC 2131", ("udp",), (67, 68))

    def recognises(self, client: bytes, server: bytes) -> Match:
        """One byte says request or reply, 4 bytes at 236 that options follow."""
        said = client or server
        return Match.YES if said[:1] in {b"\1", b"\2"} and said[_COOKIE_AT:_OPTIONS_AT] == _COOKIE else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to requests and replies."""
        return _Requests(conversation, tell, complain)


class _Requests(Bare):
    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        if data[_COOKIE_AT:_OPTIONS_AT] != _COOKIE:
            self.complain(packet, "DHCP: no options where they must be")
            return
        options = dict(_options(data))
        name = options.get(_HOST_NAME, b"") or options.get(_DOMAIN_NAME, b"")[3:]
        attributes = {"hardware": data[28 : 28 + min(data[2], 6)].hex(":")}
        if vendor := words(options.get(_VENDOR_CLASS, b""), 80):
            attributes["vendor class"] = vendor
        if options.get(_KIND) == _RELEASE:
            attributes["message"] = "release"  # it leaves the network properly
        address = _address(data, options)
        given = options.get(_KIND, b"\0")[:1] in {bytes([one]) for one in _OFFERS}
        if data[:1] == b"\1" or given:
            self.tell(Named(self.conversation, side, packet, time, address=address, name=words(name, 63), how="dhcp", attributes=attributes))


def _options(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = _OPTIONS_AT
    while at + 1 < len(data) and data[at] != _END:
        if data[at] == _PAD:
            at += 1
            continue
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]


def _address(data: bytes, options: dict[int, bytes]) -> str:
    """The client's address as far as it is known: his own, the one he asks for, the one he is given."""
    for raw in (data[12:16], options.get(_REQUESTED, b""), data[16:20]):
        if len(raw) == 4 and raw != bytes(4):  # noqa: PLR2004
            return str(IPv4Address(raw))
    return ""
