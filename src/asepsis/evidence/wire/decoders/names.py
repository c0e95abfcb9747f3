"""DNS, multicast DNS and LLMNR: which names addresses have, which services they offer (RFC 1035, RFC 6762, RFC 6763, RFC 4795)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import Named
from asepsis.evidence.wire.listeners import Bare, words
from asepsis.evidence.wire.packet import Conversation, Side

_HEADER = struct.Struct(">HHHHHH")
_RECORD = struct.Struct(">HHIH")
_A, _PTR, _TXT, _AAAA, _SRV = 1, 12, 16, 28, 33
_MOST_RECORDS = 128
_MOST_LABELS = 128
_PORTS = (53, 5353, 5355, 137)


class NamesDecoder:
    """Recognises a message whose counts fit what follows, at one of the ports of DNS only: four small numbers are no sign by themselves."""

    info = DecoderInfo("dns", "DNS, mDNS, LLMNR", "RFC 1035", ("udp",), _PORTS[:3])

    def recognises(self, client: bytes, server: bytes) -> Match:
        """The first question or record must be whole."""
        said = client or server
        if len(said) < _HEADER.size:
            return Match.NO
        _, flags, questions, *records = _HEADER.unpack_from(said)
        plain = flags >> 11 & 15 <= 5 and questions <= 32 and sum(records) <= 256 and questions + sum(records) > 0  # noqa: PLR2004 - opcodes, sizes
        return Match.YES if plain and _name(said, _HEADER.size) is not None else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Listen to answers."""
        return _Answers(conversation, tell, complain)


class _Record(NamedTuple):
    name: str
    kind: int
    start: int
    end: int


class _Answers(Bare):
    def hear(self, side: Side, data: bytes, packet: int, time: int) -> None:
        if len(data) < _HEADER.size:
            self.complain(packet, "DNS: a message shorter than its header")
            return
        if not _HEADER.unpack_from(data)[1] & 0x8000:
            return  # a question
        how = {5353: "mdns", 5355: "llmnr"}.get(self.conversation.server.port, "dns")
        speaker = self.conversation.end(side).address
        services: dict[str, str] = {}
        for record in _records(data):
            body = data[record.start : record.end]
            if record.kind in {_A, _AAAA} and len(body) in {4, 16}:
                address = str(IPv4Address(body) if len(body) == 4 else IPv6Address(body))  # noqa: PLR2004
                self.tell(Named(self.conversation, side, packet, time, address=address, name=record.name, how=how))
            elif how == "mdns":
                services.update(_service(data, record))
        if services:
            self.tell(Named(self.conversation, side, packet, time, address=speaker, how=how, attributes=dict(sorted(services.items()))))


def _service(data: bytes, record: _Record) -> Iterator[tuple[str, str]]:
    """What one record of DNS service discovery says of the speaker."""
    if record.kind == _PTR and record.name.startswith("_"):
        yield f"service {record.name.removesuffix('.local')}", words((_name(data, record.start) or ("", 0))[0].encode(), 80)
    elif record.kind == _SRV and record.end - record.start > 6:  # noqa: PLR2004 - priority, weight, port
        yield "instance", words(record.name.encode(), 80)
    elif record.kind == _TXT:
        at = record.start
        while at < record.end:
            key, found, value = data[at + 1 : min(record.end, at + 1 + data[at])].partition(b"=")
            if found and key.lower() in {b"model", b"md", b"manufacturer", b"mfg", b"usb_mfg", b"usb_mdl", b"ty", b"product", b"fw", b"version"}:
                yield words(key, 20).lower(), words(value, 80)
            at += 1 + data[at]


def _records(data: bytes) -> Iterator[_Record]:
    """The answers, authorities and additions of a message, as far as they are whole."""
    _, _, questions, *counts = _HEADER.unpack_from(data)
    at = _HEADER.size
    for _ in range(min(questions, 32)):
        named = _name(data, at)
        if named is None:
            return
        at = named[1] + 4
    for _ in range(min(sum(counts), _MOST_RECORDS)):
        named = _name(data, at)
        if named is None or named[1] + _RECORD.size > len(data):
            return
        kind, _, _, length = _RECORD.unpack_from(data, named[1])
        start = named[1] + _RECORD.size
        yield _Record(named[0], kind, start, min(len(data), start + length))
        at = start + length


def _name(data: bytes, at: int) -> tuple[str, int] | None:
    """A name and where it ends (RFC 1035, 4.1.4); pointers lead only backwards, or they could go in circles."""
    labels: list[str] = []
    end, limit = 0, len(data)
    while at < len(data) and len(labels) < _MOST_LABELS:
        length = data[at]
        if length >= 0xC0:  # noqa: PLR2004 - a pointer
            end = end or at + 2
            target = int.from_bytes(data[at : at + 2]) & 0x3FFF
            if target >= limit or target >= at:
                return None
            at = limit = target
        elif length == 0:
            return ".".join(labels), end or at + 1
        elif length > 63:  # noqa: PLR2004 - the longest label
            return None
        else:
            labels.append(words(data[at + 1 : at + 1 + length], 63))
            at += 1 + length
    return None
