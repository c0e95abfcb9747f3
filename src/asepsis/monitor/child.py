"""The bounded child that reads live traffic: bytes of a capture go in piece by piece, alarms come out as they happen, and how far it is.

``serve`` is called by :mod:`asepsis.guard.sandbox`. Nothing in it grows with the time that it watches: every table below it is bounded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import msgspec

from asepsis.evidence.wire import capture
from asepsis.evidence.wire.look import Look
from asepsis.evidence.wire.notes import Notes
from asepsis.evidence.wire.packet import Record
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Problem
from asepsis.model.facts import Fact
from asepsis.model.where import Where
from asepsis.monitor.alarm import Alarm, alarm_of

_PACKETS_A_LOOK = 512
_SECONDS_A_NOTICE = 1.0
_UNBOUNDED = 1 << 60
"""Alarms are never left out by their number: those that are told to the parent wait nowhere."""


class Order(msgspec.Struct, frozen=True):
    """What to watch: ``name`` is what the capture is called, ``key`` redacts."""

    name: str
    key: bytes
    limits: Limits


class Word(msgspec.Struct, frozen=True):
    """What the child says: an alarm, or how far it is. ``time`` is the last packet's, ``dropped`` what the capturing program could not keep.

    ``problems`` come with the last word.
    """

    packets: int
    time: int
    dropped: int = 0
    alarm: Alarm | None = None
    problems: tuple[Problem, ...] = ()
    last: bool = False


def serve(request: bytes, send: Callable[[bytes], None], receive: Callable[[], bytes]) -> None:
    """Watch until the stream ends."""
    order = msgspec.json.decode(request, type=Order)
    Watching(order, lambda word: send(msgspec.json.encode(word))).run(_Pieces(receive))


class _Pieces:
    """What the parent sends, as a stream that cannot be rewound."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive, self._left, self._over = receive, b"", False

    def read1(self, length: int) -> bytes:
        """The next bytes, nothing at the end."""
        if not self._left and not self._over:
            self._left = self._receive()
            self._over = not self._left
        piece, self._left = self._left[:length], self._left[length:]
        return piece

    read = read1


class Watching:
    """Packets go in by ``record``, words come out of ``say``."""

    def __init__(self, order: Order, say: Callable[[Word], None]) -> None:
        self._say, self._time, self._notes = say, 0, Notes()
        self._look = Look(
            lambda packet: Where("live", order.name, packet=packet or None), Redactor(order.key), replace(order.limits, facts=_UNBOUNDED), self._take
        )

    def _take(self, fact: Fact) -> None:
        alarm = alarm_of(fact, self._time)
        if alarm is not None:
            self._say(self._word(alarm=alarm))

    def _word(self, alarm: Alarm | None = None, problems: tuple[Problem, ...] = (), *, last: bool = False) -> Word:
        return Word(self._look.packets, self._time, self._notes.dropped, alarm, problems, last)

    def record(self, record: Record) -> None:
        """Take in one packet."""
        self._time = max(self._time, record.time)
        self._look.record(record)

    def run(self, stream: _Pieces) -> None:
        """To the end of the stream."""
        noticed = time.monotonic()
        for record in capture.records(stream, self._look.complain, self._notes):  # type: ignore[arg-type]  # it reads, which is all that is asked
            self.record(record)
            if not self._look.packets % _PACKETS_A_LOOK and time.monotonic() - noticed > _SECONDS_A_NOTICE:
                noticed = time.monotonic()
                self._say(self._word())
        self.finish()

    def finish(self) -> None:
        """The stream is over, which is nobody's silence."""
        self._look.finish()
        self._say(self._word(problems=tuple(self._look.problems), last=True))
