"""The bounded child that reads live traffic: bytes of a capture go in piece by piece, alarms come out as they happen, and how far it is.

``serve`` is called by :mod:`asepsis.guard.sandbox`. Nothing in it grows with the time that it watches: every table below it is bounded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import msgspec

from asepsis.evidence.wire.habits import SECOND
from asepsis.evidence.wire.look import Look
from asepsis.evidence.wire.notes import Notes
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.evidence import Problem
from asepsis.model.facts import Fact
from asepsis.model.thresholds import SHIPPED, Thresholds
from asepsis.model.where import Where
from asepsis.monitor.alarm import Alarm, alarm_of

_A_NOTICE, _REMEMBER = 1 * SECOND, 60 * SECOND
_MILLISECOND = 1_000_000
_UNBOUNDED = 1 << 60
"""Alarms are never left out by their number: those that are told to the parent wait nowhere."""


PACKETS, TICK = b"P", b"T"
"""How a piece from the parent begins: bytes of the capture follow, or for how many milliseconds none came (8 bytes, big-endian)."""
_ON_ITS_WAY = 1 * SECOND
"""A packet may still be in the capturing program: real time is never closer to it than this."""
_PLAYED_BACK = 60 * SECOND
"""Packets that came so much faster than time passes are no live traffic, whatever they come through."""


class Order(msgspec.Struct, frozen=True):
    """What to watch: ``name`` is what the capture is called, ``key`` redacts, ``learned`` is what an earlier watch had learned."""

    name: str
    key: bytes
    limits: Limits
    learned: str = ""
    thresholds: Thresholds = SHIPPED
    doses: DoseAssumptions = ASSUMED


class Word(msgspec.Struct, frozen=True):
    """What the child says: an alarm, or how far it is. ``time`` is the last packet's, ``dropped`` what the capturing program could not keep.

    ``problems`` are new ones. ``learned`` is not empty when there is something worth remembering over a restart.
    """

    packets: int
    time: int
    dropped: int = 0
    alarm: Alarm | None = None
    problems: tuple[Problem, ...] = ()
    last: bool = False
    learned: str = ""


def serve(request: bytes, send: Callable[[bytes], None], receive: Callable[[], bytes]) -> None:
    """Watch until the stream ends."""
    order = msgspec.json.decode(request, type=Order)
    Watching(order, lambda word: send(msgspec.json.encode(word))).run(receive)


class _Pieces:
    """What the parent sends, as a stream that cannot be rewound; ``tick`` hears for how long nothing came."""

    def __init__(self, receive: Callable[[], bytes], tick: Callable[[int], None]) -> None:
        self._receive, self._tick, self._left, self._over = receive, tick, b"", False

    def read1(self, length: int) -> bytes:
        """The next bytes, nothing at the end."""
        while not self._left and not self._over:
            piece = self._receive()
            self._over = not piece
            if piece.startswith(TICK):
                self._tick(int.from_bytes(piece[1:9], "big"))
            else:
                self._left = piece[1:]
        piece, self._left = self._left[:length], self._left[length:]
        return piece

    read = read1


class Watching:
    """Packets go in by ``run``, words come out of ``say``."""

    def __init__(
        self, order: Order, say: Callable[[Word], None], clock: Callable[[], int] = time.monotonic_ns, wall: Callable[[], int] = time.time_ns
    ) -> None:
        """``clock`` only ever says how long something took; ``wall`` how late it is where whom an earlier watch knew is awaited and nothing comes."""
        self._say, self._clock, self._notes = say, clock, Notes()
        self._noticed, self._next_notice, self._told_problems = clock(), 0, 0
        self._heard, self._last, self._since, self._live = 0, 0, clock(), True
        """How many packets there were when the last silence began, the time of the last one, when it began by our clock, and whether it counts."""
        self._look = Look(
            lambda packet: Where("live", order.name, packet=packet or None), Redactor(order.key), replace(order.limits, facts=_UNBOUNDED), self._take,
            thresholds=order.thresholds,
            doses=order.doses,
        )  # fmt: skip
        self._wall, self._learned, self._remembered, self._worth = wall, bool(order.learned), 0, False
        if order.learned:
            self._look.recall(order.learned.encode())

    def _take(self, fact: Fact) -> None:
        alarm = alarm_of(fact, self._look.clock)
        if alarm is not None:
            self._worth = True
            self._say(self._word(alarm=alarm))

    def _word(self, alarm: Alarm | None = None, problems: tuple[Problem, ...] = (), *, last: bool = False) -> Word:
        learned = self._remember(last=last) if alarm is None else ""
        return Word(self._look.packets, self._look.clock, self._notes.dropped, alarm, problems, last, learned)

    def _remember(self, *, last: bool) -> str:
        """What was learned, soon after an alarm, once a minute and at the end: a restart must neither lose nor double what goes on."""
        if not (last or self._worth or self._look.clock >= self._remembered + _REMEMBER) or not self._look.clock:
            return ""
        self._worth, self._remembered = False, self._look.clock
        return self._look.remember().decode()

    def run(self, receive: Callable[[], bytes]) -> None:
        """To the end of the stream."""
        for _ in self._look.captured(_Pieces(receive, self.tick), self._notes):  # type: ignore[arg-type]  # it reads, which is all that is asked
            self.came()
        self.finish()

    def came(self) -> None:
        """Packets were taken in."""
        if self._look.clock < self._next_notice:
            return
        self._next_notice = self._look.clock + _A_NOTICE
        if not self._last:
            self._last, self._since = self._look.clock, self._clock()
        if self._clock() - self._noticed > _A_NOTICE:
            self.notice()

    def tick(self, milliseconds: int) -> None:
        """Nothing came for so long. Real time stands for the capture's until packets come again."""
        idle = milliseconds * _MILLISECOND
        if self._look.packets != self._heard:
            self._begin_silence(self._clock() - idle)
        if self._heard and self._live:
            self._look.nobody(self._last + idle - _ON_ITS_WAY)
        elif not self._heard and self._learned:
            self._look.nobody(self._wall() - _ON_ITS_WAY)
        self.notice()

    def _begin_silence(self, since: int) -> None:
        """It counts unless more time passed in the capture than in the world since the last one: then it is played back, faster than it was."""
        last = self._look.clock
        self._live = last - self._last <= since - self._since + _PLAYED_BACK
        self._heard, self._last, self._since = self._look.packets, last, since

    def notice(self) -> None:
        """Say how far it is, and what is broken."""
        self._noticed = self._clock()
        problems = self._look.problems[self._told_problems :]
        self._told_problems += len(problems)
        self._say(self._word(problems=tuple(problems)))

    def finish(self) -> None:
        """The stream is over, which is nobody's silence."""
        told = set(map(id, self._look.problems[: self._told_problems]))
        self._look.finish()
        self._say(self._word(problems=tuple(one for one in self._look.problems if id(one) not in told), last=True))
