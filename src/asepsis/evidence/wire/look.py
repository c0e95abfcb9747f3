"""Look at traffic: records to datagrams, to conversations, to what observers make of them. Facts come out while records go in.

This is the one place where a bug in an observer is caught: the others go on without it. Whatever is broken is a problem that hides only what a
capture can show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from asepsis.evidence.protocols.secrets import is_default
from asepsis.evidence.wire import capture
from asepsis.evidence.wire.bare import BROKEN, Bare
from asepsis.evidence.wire.conversations import SECOND, TCP, UDP, Conversations
from asepsis.evidence.wire.decoder import Decoder
from asepsis.evidence.wire.decoders import DECODERS
from asepsis.evidence.wire.events import Event
from asepsis.evidence.wire.internet import Internet
from asepsis.evidence.wire.logs.line import Line
from asepsis.evidence.wire.observer import Means, Observer, Place, Remembering
from asepsis.evidence.wire.observers import OBSERVERS
from asepsis.evidence.wire.packet import Record
from asepsis.evidence.wire.quick import Quick
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.evidence import Cause, LeftOut, Problem
from asepsis.model.facts import Fact, Flow
from asepsis.model.thresholds import SHIPPED, Thresholds
from asepsis.model.where import Where

MOST_PLACES = 5
"""So often the same complaint is told with its packet; after that it is counted."""
MOST_KINDS = 500
"""Different complaints."""
MOST_REASONS = 20
_CONTROL = {1: "ICMP", 2: "IGMP", 58: "ICMPv6", 103: "PIM", 112: "VRRP"}
_CONTROL_REASONS = frozenset({"ARP", "RARP", "LLDP", "EAP over LAN"})
"""Protocols that only carry the network itself: there is nothing in them to understand here."""

MakeObserver = Callable[[Means], Observer]


_OUT_OF_ORDER, _STALE = 2 * SECOND, 24 * 3600 * SECOND


class _Learned(msgspec.Struct, frozen=True):
    """What observers learned until ``time``, by their names, in their own words."""

    time: int
    observers: dict[str, msgspec.Raw]


@dataclass(frozen=True, slots=True)
class Traffic:
    """How much of a capture was understood; ``left_out`` says what the rest is, most bytes first."""

    packets: int = 0
    understood: int = 0
    left_out: tuple[LeftOut, ...] = ()


class Look:
    """One capture, or a live stream: ``record`` takes packets in and ``finish`` ends it. Facts go to ``on_fact`` at once.

    ``place`` names the place of a packet (0: the capture as a whole). ``problems`` are complete after ``finish``.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is taken for granted is handed through
        self,
        place: Place,
        redactor: Redactor,
        limits: Limits,
        on_fact: Callable[[Fact], None],
        decoders: Sequence[Decoder] = DECODERS,
        observers: Sequence[MakeObserver] = OBSERVERS,
        thresholds: Thresholds = SHIPPED,
        doses: DoseAssumptions = ASSUMED,
    ) -> None:
        self._place, self._limits, self._on_fact = place, limits, on_fact
        compared: dict[str, bool] = {}
        means = Means(place, redactor, lambda secret: is_default(secret, compared) if secret else None, self._full, thresholds, doses)
        self._observers = [make(means) for make in observers]
        self._hides = _emitted(self._observers)
        self._complaints: Counter[tuple[Cause, str]] = Counter()
        self._facts = 0
        self.problems: list[Problem] = []
        self._control = 0
        self._before: _Learned | None = None
        self._bare = Bare()
        self._internet = Internet(self._cannot_be)
        self._conversations = Conversations(decoders, self._tell, self.complain, self._bug)
        self._seen = Quick(self._conversations)

    @property
    def packets(self) -> int:
        """How many were taken in."""
        return self._seen.packets

    @property
    def clock(self) -> int:
        """How late it is by the capture's clock, in nanoseconds since 1970."""
        return self._seen.clock

    def captured(self, stream: BinaryIO, notes: capture.Notes | None = None) -> Iterator[int]:
        """Take in a whole capture by the shortest way; gives the number of a packet now and then (:data:`.quick.AT_MOST`)."""
        for record in capture.records(stream, self.complain, notes, self._seen):
            self.record(record)
            yield record.number

    def records(self, records: Iterable[Record]) -> None:
        """Take in all of them."""
        for record in records:
            self.record(record)

    def record(self, record: Record) -> None:
        """Take in one packet."""
        seen, number, time = self._seen, record.number, record.time
        seen.packets += 1
        seen.last = number
        if time > seen.clock:  # a capture's clock may be set back
            seen.clock = time
            if time >= seen.next_second:
                seen.next_second = time + SECOND
                self._pass_time(number, time)
        datagram = self._internet.packet(record)
        if datagram is None:
            self._bare.frame(record)
            return
        if datagram.protocol in {TCP, UDP}:
            self._conversations.packet(datagram, number, time)
        elif datagram.protocol in _CONTROL:
            self._control += 1
            self._bare.control(datagram.protocol, datagram.source, datagram.destination, datagram.payload, number)
        else:
            self._conversations.tally.left_out(f"IP protocol {datagram.protocol}", 1, datagram.length)

    def nobody(self, time: int) -> None:
        """Nobody was heard until ``time``, of a live stream. Observers see it by the number of the packet, which is still the last one."""
        if time > self._seen.clock:
            self._seen.clock, self._seen.next_second = time, time + SECOND
            self._pass_time(self._seen.last, time)

    def line(self, line: Line) -> None:
        """Take in one line of a log instead of a packet: somebody else's decoders heard it."""
        self._seen.packets += 1
        self._seen.last, self._seen.clock = line.number, max(self._seen.clock, line.time)
        if line.left_out:
            self._conversations.tally.left_out(line.left_out, 1, line.size)
            return
        self._conversations.tally.understood += 1
        for event in line.events:
            self._tell(event)

    # ----- over a restart of a watch

    def remember(self) -> bytes:
        """What the observers learned that outlasts a restart, as JSON."""
        said: dict[str, msgspec.Raw] = {}

        def put(observer: Remembering) -> Iterator[Fact]:
            said[observer.info.name] = msgspec.Raw(observer.remember())
            yield from ()

        for observer in list(self._observers):
            if isinstance(observer, Remembering):
                self._ask(observer, put, observer)
        return msgspec.json.encode(_Learned(self.clock, said))

    def recall(self, learned: bytes) -> None:
        """Take in what an earlier watch had learned, as soon as a packet shows how much later it is. What is older than a day teaches nothing."""
        try:
            self._before = msgspec.json.decode(learned, type=_Learned)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._not_recalled(f"what was learned before cannot be read: {error}")

    def _recall(self, before: _Learned, time: int) -> None:
        unwatched = time - before.time
        if not -_OUT_OF_ORDER <= unwatched <= _STALE:  # the same capture once more, or another day
            return
        for observer in self._observers:
            if isinstance(observer, Remembering) and (said := before.observers.get(observer.info.name)):
                try:
                    observer.recall(bytes(said), max(0, unwatched))
                except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                    self._not_recalled(f"what {observer.info.name} learned before cannot be read: {error}")

    def _not_recalled(self, what: str) -> None:
        self._problem(Cause.BROKEN_INPUT, 0, what, "rhythms, senders and alarms that go on are learned anew")

    def finish(self) -> Traffic:
        """The capture ends here."""
        self._internet.finish()
        for event in self._bare.tell(self._seen.clock):
            self._tell(event)
        self._conversations.end(self._seen.last, self._seen.clock)
        for observer in list(self._observers):
            self._ask(observer, observer.finish, self._seen.last, self._seen.clock)
        self._say_limits()
        return self._traffic()

    # ----- events and facts

    def _tell(self, event: Event) -> None:
        for observer in self._observers:
            self._ask(observer, observer.see, event)

    def _pass_time(self, number: int, time: int) -> None:
        if self._before is not None:
            before, self._before = self._before, None
            self._recall(before, time)
        self._conversations.pass_time(number, time)
        for event in self._bare.tell(time):
            self._tell(event)
        for observer in list(self._observers):
            self._ask(observer, observer.pass_time, number, time)

    def _ask(self, observer: Observer, ask: Callable[..., Iterator[Fact]], *given: object) -> None:
        try:
            for fact in ask(*given):
                self._facts += 1
                if self._facts <= self._limits.facts:
                    self._on_fact(fact)
        except Exception as error:  # noqa: BLE001 - the one place where an observer's bug is caught
            self._observers = [one for one in self._observers if one is not observer]
            what = f"{observer.info.name} failed with {type(error).__name__}"
            self._problem(Cause.OUR_BUG, self._seen.last, what, f"the rest of the capture was not looked at for: {observer.info.title}")

    # ----- problems

    def complain(self, packet: int, what: str) -> None:
        """Something is broken in a packet (0: in the capture)."""
        self._count(Cause.BROKEN_INPUT, packet, what, "the rest of the capture was looked at")

    def _cannot_be(self, packet: int, what: str) -> None:
        """Headers of a packet are broken."""
        self._bare.take(BROKEN, b"", b"", packet)
        self.complain(packet, what)

    def limit(self, packet: int, what: str) -> None:
        """A limit was reached that ends the look at the capture."""
        self._problem(Cause.LIMIT_REACHED, packet, what, "the rest of the capture was not looked at")

    def unreadable(self, what: str) -> None:
        """The capture cannot be read from here on."""
        self._problem(Cause.NOT_PERMITTED, self._seen.last, what, "the rest of the capture was not looked at")

    def _full(self, what: str) -> None:
        """An observer has no room for more."""
        self._count(Cause.LIMIT_REACHED, self._seen.last, what, "what lies beyond was not told")

    def _bug(self, packet: int, what: str) -> None:
        self._count(Cause.OUR_BUG, packet, what, "this conversation was not understood from here on")

    def _count(self, cause: Cause, packet: int, what: str, consequence: str) -> None:
        """Tell the same complaint a few times with its packet; a limit is a limit whoever reached it."""
        key = cause, what
        if key not in self._complaints and len(self._complaints) >= MOST_KINDS:
            key = cause, "other complaints about packets"
        self._complaints[key] += 1
        if self._complaints[key] <= MOST_PLACES:
            self._problem(cause, packet, what, consequence)

    def _problem(self, cause: Cause, packet: int, what: str, consequence: str) -> None:
        if len(self.problems) < self._limits.problems:
            self.problems.append(Problem(cause, self._place(packet), what, consequence, self._hides))

    def _say_limits(self) -> None:
        """What was counted and not told, and what the capture itself lacks."""
        for (cause, what), count in sorted(self._complaints.items()):
            if count > MOST_PLACES:
                self._problem(cause, 0, f"{what} ({count} times in all)", "only the first packets are named")
        tally = self._conversations.tally
        if tally.lost:
            what = f"{tally.lost} bytes in {tally.lossy} conversations are not in the capture"
            self._problem(Cause.BROKEN_INPUT, 0, what, "messages that they belong to were not understood")
        if self._conversations.evicted:
            what = f"conversations: {self._conversations.evicted} were given up while they went on, to make room for others"
            self._problem(Cause.LIMIT_REACHED, 0, what, "what they said later was looked at without its beginning")
        if self._facts > self._limits.facts:
            self._problem(Cause.LIMIT_REACHED, 0, f"facts: more than {self._limits.facts}", "the rest of this capture's facts was dropped")
        self.problems.sort(key=lambda problem: problem.sort_key)

    def _traffic(self) -> Traffic:
        tally = self._conversations.tally
        understood = tally.understood + self._control
        for reason, count in self._internet.not_understood.items():
            if reason in _CONTROL_REASONS:
                understood += count
            else:
                tally.left_out(reason, count, 0)
        return Traffic(self.packets, understood, left_out(LeftOut(reason, count, tally.bytes[reason]) for reason, count in tally.packets.items()))


def emitted(observers: Sequence[MakeObserver] = OBSERVERS) -> tuple[str, ...]:
    """The kinds of fact that traffic may show: they are what is missing where it could not be looked at, and nothing that other evidence shows."""
    return _emitted([make(_NOWHERE) for make in observers])


def _emitted(observers: Iterable[Observer]) -> tuple[str, ...]:
    return tuple(sorted({kind.__name__ for one in observers for kind in one.info.emits})) or (Flow.__name__,)


_NOWHERE = Means(lambda packet: Where("", "", packet=packet or None), Redactor(bytes(16)))


def left_out(reasons: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """The largest first, the rest in one."""
    packets: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for one in reasons:
        packets[one.reason] += one.packets
        sizes[one.reason] += one.bytes
    every = (LeftOut(reason, count, sizes[reason]) for reason, count in packets.items())
    listed = sorted(every, key=lambda one: (-one.bytes, -one.packets, one.reason))
    rest = listed[MOST_REASONS:]
    more = (LeftOut(f"{len(rest)} others", sum(one.packets for one in rest), sum(one.bytes for one in rest)),) if rest else ()
    return (*listed[:MOST_REASONS], *more)
