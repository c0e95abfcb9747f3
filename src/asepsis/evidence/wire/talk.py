"""One conversation and whoever understands it: recognise it by what is said first, then let one decoder listen.

A port decides who is asked first and nothing else. What was said while nobody could tell yet is kept, within bounds, and said again to the listener.
This is the one place where a bug in a decoder is caught: the conversation goes on without it.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.wire.decoder import FIRST_BYTES, Complain, Decoder, Handover, Listener, Match, Tell
from asepsis.evidence.wire.held import held
from asepsis.evidence.wire.packet import Closing, Conversation, Side
from asepsis.guard.limits import KIB, MIB

KEPT_BYTES = 16 * KIB
"""What is kept of a conversation that nobody can tell yet."""
ALL_KEPT_BYTES = 32 * MIB
"""The same over all conversations: beyond it, nothing new is kept."""
MOST_COMPLAINTS = 8
"""Of one conversation; each is told once."""
MOST_HANDOVERS = 8
_TRIES = 16
"""How many pieces of a conversation without a seen beginning, or how many datagrams, are shown to those who may know them."""
_KEEPING_COSTS = 120

Piece = tuple[Side, bytes | int, int, int]
"""What was said, or how many bytes are missing: side, bytes, packet, time."""


class Decoders:
    """Who may understand what: all decoders, those asked first at a port, those that understand a conversation from its middle."""

    def __init__(self, decoders: Sequence[Decoder]) -> None:
        transports = ("tcp", "udp")
        self._all = {transport: tuple(one for one in decoders if transport in one.info.transports) for transport in transports}
        self.middle = {transport: tuple(one for one in found if one.info.understands_middle) for transport, found in self._all.items()}
        self.ports = frozenset(port for one in decoders for port in one.info.ports)
        self._orders: dict[tuple[str, tuple[int, ...]], tuple[Decoder, ...]] = {}

    def order(self, transport: str, ports: tuple[int, int]) -> tuple[Decoder, ...]:
        """All decoders for a transport, those of these ports first."""
        key = transport, tuple(port for port in ports if port in self.ports)
        if key not in self._orders:
            here = frozenset(key[1])
            self._orders[key] = tuple(sorted(self._all[transport], key=lambda one: here.isdisjoint(one.info.ports)))
        return self._orders[key]


class Office:
    """What all conversations share: the decoders, where events and complaints go, how much is kept in all."""

    def __init__(self, decoders: Decoders, tell: Tell, complain: Complain, bug: Complain) -> None:
        self.decoders, self.tell, self.complain, self.bug = decoders, tell, complain, bug
        self.kept = 0


class Talk:
    """One conversation. It is told its bytes by what puts them in order, and hands them on."""

    __slots__ = (
        "_candidates", "_complaints", "_first", "_handovers", "_kept", "_kept_bytes", "_listener", "_name", "_office", "_shut", "_tries",
        "conversation",
    )  # fmt: skip

    def __init__(self, conversation: Conversation, office: Office) -> None:
        self.conversation, self._office = conversation, office
        self._listener: Listener | None = None
        self._name = ""
        self._complaints: set[str] = set()
        self._handovers, self._tries = 0, _TRIES
        self._kept: list[Piece] = []
        self._kept_bytes = 0
        self._begin_asking()

    def _begin_asking(self) -> None:
        conversation = self.conversation
        self._candidates = self._office.decoders.order(conversation.transport, (conversation.server.port, conversation.client.port))
        self._first = [b"", b""]
        self._shut = [False, False]

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """The next bytes of one side, or one datagram."""
        self.conversation.payload[side] += len(data)
        if self._listener is not None:
            self._hear(side, data, packet, time)
        elif self._candidates:
            self._ask(side, data, packet, time)

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        """So many bytes are missing here."""
        self.conversation.lost[side] += length
        if self._listener is not None:
            self._hear(side, length, packet, time)
        elif self._candidates:
            self._shut[side] = bool(self._first[side])
            self._keep((side, length, packet, time), 0)

    def differs(self, side: Side, count: int, packet: int) -> None:
        """So many bytes were sent twice, and not the same."""
        self.conversation.spoiled[side] += count
        self.says(side, packet, "the same bytes were sent twice with different content: somebody may have put words into the sender's mouth")

    def says(self, side: Side, packet: int, what: str) -> None:
        """Something is wrong with what one side sends."""
        self._complain(packet, f"{what} (from the {side.name.lower()})")

    def close(self, how: Closing, packet: int, time: int) -> None:
        """Nothing more comes."""
        self._forget()
        listener, self._listener, self._candidates = self._listener, None, ()
        if listener is not None:
            try:
                listener.close(how, packet, time)
            except Exception as error:  # noqa: BLE001 - see _bug
                self._bug(error, packet)

    @property
    def held(self) -> int:
        """About how many bytes whoever listens holds."""
        return 0 if self._listener is None else held(self._listener)

    def give_up(self, packet: int, why: str) -> None:
        """Whoever listens holds too much: nothing more is understood here."""
        self._complain(packet, f"{why}; the rest of this conversation was not looked at")
        self._listener, self._candidates = None, ()

    # ----- who understands it

    def _ask(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Show what was said first to those who may still know it."""
        self._keep((side, data, packet, time), len(data))
        datagram = self.conversation.transport == "udp"
        if datagram:
            client, server = data[:FIRST_BYTES], b""
        else:
            if not self._shut[side] and len(self._first[side]) < FIRST_BYTES:
                self._first[side] += data[: FIRST_BYTES - len(self._first[side])]
            client, server = self._first
        waiting = []
        for decoder in self._candidates:
            match = self._match(decoder, client, server, packet)
            if match is Match.YES:
                self._listen(decoder, packet)
                return
            if match is Match.MORE:
                waiting.append(decoder)
        if datagram:
            self._tries -= 1
            self._candidates = self._candidates if self._tries else ()
        else:
            full = all(shut or len(first) >= FIRST_BYTES for shut, first in zip(self._shut, self._first, strict=True))
            self._candidates = () if full or self._kept_bytes > KEPT_BYTES else tuple(waiting)
        if not self._candidates:
            self._not_known()

    def _match(self, decoder: Decoder, client: bytes, server: bytes, packet: int) -> Match:
        try:
            return decoder.recognises(client, server)
        except Exception as error:  # noqa: BLE001 - see _bug
            self._bug(error, packet, decoder.info.name)
            return Match.NO

    def _not_known(self) -> None:
        """Nobody knows what was said first. Where that was not the beginning, some may know what comes next."""
        self._forget()
        conversation = self.conversation
        if conversation.transport == "tcp" and not conversation.opened_seen and self._tries:
            self._tries -= 1
            self._candidates = self._office.decoders.middle["tcp"]
            self._first, self._shut = [b"", b""], [False, False]

    def _listen(self, decoder: Decoder, packet: int) -> None:
        """Let a decoder listen, from the beginning."""
        kept = self._kept
        self._kept, self._candidates = [], ()
        self._forget()
        self._name = self.conversation.protocol = decoder.info.name
        try:
            self._listener = decoder.listen(self.conversation, self._office.tell, self._complain)
        except Exception as error:  # noqa: BLE001 - see _bug
            self._bug(error, packet)
        for piece in kept:
            self._again(*piece)

    def _again(self, side: Side, said: bytes | int, packet: int, time: int) -> None:
        """What was kept: for the listener, or for those who come after a handover."""
        if self._listener is not None:
            self._hear(side, said, packet, time)
        elif self._candidates and isinstance(said, bytes):
            self._ask(side, said, packet, time)

    def _hear(self, side: Side, said: bytes | int, packet: int, time: int) -> None:
        """Tell the listener."""
        assert self._listener is not None  # noqa: S101 - for the type checker
        try:
            if isinstance(said, int):
                self._listener.gap(side, said, packet, time)
            else:
                self._listener.data(side, said, packet, time)
        except Handover as handover:
            self._hand_over(handover, packet, time)
        except Exception as error:  # noqa: BLE001 - see _bug
            self._bug(error, packet)

    def _hand_over(self, handover: Handover, packet: int, time: int) -> None:
        """From here on it is another protocol; whoever knows it is asked as at a beginning."""
        self._listener = None
        self._handovers += 1
        if self._handovers > MOST_HANDOVERS:
            self._complain(packet, f"handovers: more than {MOST_HANDOVERS} changes of the protocol; the rest of this conversation was not looked at")
            return
        self._begin_asking()
        if handover.left:
            self._ask(handover.side, handover.left, packet, time)

    # ----- bounds

    def _keep(self, piece: Piece, size: int) -> None:
        if self._office.kept + size > ALL_KEPT_BYTES:
            self._complain(piece[2], f"kept_bytes: {ALL_KEPT_BYTES} bytes wait for somebody who knows them; the first bytes here were left out")
            self._first, self._shut = [b"", b""], [False, False]
            self._forget()
            return
        self._kept.append(piece)
        self._kept_bytes += size + _KEEPING_COSTS
        self._office.kept += size + _KEEPING_COSTS

    def _forget(self) -> None:
        self._kept = []
        self._office.kept -= self._kept_bytes
        self._kept_bytes = 0

    def _complain(self, packet: int, what: str) -> None:
        """Told once each, and not more than eight of a conversation; counted always."""
        self.conversation.broken += 1
        if what not in self._complaints and len(self._complaints) < MOST_COMPLAINTS:
            self._complaints.add(what)
            self._office.complain(packet, f"{self._name or self.conversation.transport}: {what}")

    def _bug(self, error: Exception, packet: int, name: str = "") -> None:
        """A decoder must never raise; this one is not asked again here."""
        self._office.bug(packet, f"decoder {name or self._name} failed with {type(error).__name__}")
        if not name:
            self._listener, self._candidates, self.conversation.protocol = None, (), ""
