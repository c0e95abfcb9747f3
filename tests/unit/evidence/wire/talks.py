"""A small protocol, its decoder in several tempers, and datagrams by hand: for the tests of conversations and of the look at traffic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from asepsis.evidence.wire.conversations import SECOND, TCP, UDP, Conversations
from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Handover, Match, Tell
from asepsis.evidence.wire.events import Asked, Closed, Event, Opened
from asepsis.evidence.wire.internet import Datagram
from asepsis.evidence.wire.packet import Closing, Conversation, Side
from asepsis.evidence.wire.tcp import ACK, FIN, RST, SYN

PUMP, GATEWAY = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
__all__ = ["ACK", "FIN", "RST", "SECOND", "SYN", "Broken", "Greeting", "Network", "Shy"]


class Greeting:
    """A conversation in which the client says ``HELLO`` first. Whole words end with a space; ``SWITCH`` changes the protocol, ``BUG`` is one."""

    info = DecoderInfo("greeting", "Greeting", "these tests", ("tcp", "udp"), (7000,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        if client[:5] == b"HELLO"[: len(client)]:
            return Match.YES if len(client) >= 5 else Match.MORE
        return Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> _Listener:
        return _Listener(self.info.name, conversation, tell, complain)


class Shy(Greeting):
    """Knows a conversation only by what the server says, also from its middle."""

    info = DecoderInfo("shy", "Shy", "these tests", ("tcp",), (), understands_middle=True)

    def recognises(self, client: bytes, server: bytes) -> Match:
        return Match.YES if server[:3] == b"SHY" else Match.MORE if not server else Match.NO


class Broken(Greeting):
    """Raises where it must not."""

    info = DecoderInfo("broken", "Broken", "these tests", ("tcp",), (7001,))

    def recognises(self, client: bytes, server: bytes) -> Match:
        raise KeyError(client)


@dataclass
class _Listener:
    name: str
    conversation: Conversation
    tell: Tell
    complain: Complain
    bugs: ClassVar[bool] = True

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        if b"SWITCH" in data:
            raise Handover(side, data.partition(b"SWITCH")[2])
        if b"BUG" in data:
            raise ZeroDivisionError
        if b"WRONG" in data:
            self.complain(packet, f"a wrong word in packet {packet}")
        self.tell(Asked(self.conversation, side, packet, time, self.name, data.decode("latin-1")))

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        self.tell(Asked(self.conversation, side, packet, time, self.name, "gap", str(length)))

    def close(self, how: Closing, packet: int, time: int) -> None:
        self.tell(Asked(self.conversation, Side.CLIENT, packet, time, self.name, "close", how.name))


@dataclass
class Network:
    """Packets between a pump (port 40000) and a gateway, one each second, and what the table said of them."""

    decoders: tuple[Greeting, ...] = (Greeting(),)
    most: int = 100
    events: list[Event] = field(default_factory=list)
    complaints: list[tuple[int, str]] = field(default_factory=list)
    bugs: list[tuple[int, str]] = field(default_factory=list)
    number: int = 0
    now: int = 0

    def __post_init__(self) -> None:
        def complain(packet: int, what: str) -> None:
            self.complaints.append((packet, what))

        def bug(packet: int, what: str) -> None:
            self.bugs.append((packet, what))

        self.table = Conversations(self.decoders, self.events.append, complain, bug, self.most)

    def pump(self, seq: int, payload: bytes = b"", flags: int = ACK, ack: int = 1, *, port: int = 7000, own: int = 40000, missing: int = 0) -> None:
        self._tcp(PUMP, GATEWAY, own, port, seq, payload, flags, ack, missing)

    def gateway(
        self, seq: int, payload: bytes = b"", flags: int = ACK, ack: int = 1, *, port: int = 7000, own: int = 40000, missing: int = 0
    ) -> None:
        self._tcp(GATEWAY, PUMP, port, own, seq, payload, flags, ack, missing)

    def udp(self, payload: bytes, *, back: bool = False, port: int = 7000, own: int = 40000, missing: int = 0) -> None:
        ends = (GATEWAY, PUMP, UDP, port, own) if back else (PUMP, GATEWAY, UDP, own, port)
        self._packet(Datagram(*ends, payload, (), not missing, b"", b"", len(payload) + missing))

    def handshake(self, *, port: int = 7000, own: int = 40000, client: int = 100, server: int = 500) -> None:
        self.pump(client, flags=SYN, ack=0, port=port, own=own)
        self.gateway(server, flags=SYN | ACK, ack=client + 1, port=port, own=own)
        self.pump(client + 1, ack=server + 1, port=port, own=own)

    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND
        self.table.pass_time(self.number, self.now)

    def end(self) -> None:
        self.table.end(self.number, self.now)

    def _tcp(self, source: bytes, destination: bytes, sport: int, dport: int, seq: int, payload: bytes, flags: int, ack: int, missing: int) -> None:  # noqa: PLR0917
        extra = (seq, ack, flags, 8192)
        self._packet(Datagram(source, destination, TCP, sport, dport, payload, extra, not missing, b"", b"", len(payload) + missing))

    def _packet(self, datagram: Datagram) -> None:
        self.number += 1
        self.now += SECOND
        self.table.packet(datagram, self.number, self.now)

    @property
    def said(self) -> list[str]:
        """What decoders told: side, words."""
        return [f"{event.side.name[0]} {event.verb}{event.subject and ' ' + event.subject}" for event in self.events if isinstance(event, Asked)]

    @property
    def opened(self) -> list[tuple[str, str, bool, bool]]:
        """Of every beginning: client, server, whether its beginning was seen, whether it was answered."""
        return [
            (str(event.conversation.client), str(event.conversation.server), event.conversation.opened_seen, event.answered)
            for event in self.events
            if isinstance(event, Opened)
        ]

    @property
    def closed(self) -> list[str]:
        return [event.how.name for event in self.events if isinstance(event, Closed)]
