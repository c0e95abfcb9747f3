"""The bounded child that reads one recording of radio traffic and sends what it showed. It keeps its own time, like that for traffic of networks.

``serve`` is called by :mod:`asepsis.guard.sandbox`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from asepsis.evidence.radio import bug_report, capture
from asepsis.evidence.radio.look import Look, emitted
from asepsis.evidence.wire.child import FACTS_PER_MESSAGE, Order, Seen, opened
from asepsis.evidence.wire.look import Traffic, left_out
from asepsis.evidence.wire.notes import Notes
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Cause, Problem
from asepsis.model.facts import Fact
from asepsis.model.record import FactRecord, to_record
from asepsis.model.where import CHAIN, Where

_FRAMES_A_LOOK = 4096
"""So many frames between two looks at the clock."""
_SECONDS_A_NOTICE = 2.0


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """Read the recording."""
    order = msgspec.json.decode(request, type=Order)
    _Reading(order, lambda part: send(msgspec.json.encode(part))).run()


class _Reading:
    """One recording being read, or all those in a bug report. Facts wait until there are enough for a message."""

    def __init__(self, order: Order, send: Callable[[Seen], None]) -> None:
        self._order, self._send = order, send
        self._waiting: list[FactRecord] = []
        self._problems: list[Problem] = []
        self._traffic = Traffic()
        self._ends = time.monotonic() + order.seconds
        self._noticed = 0.0

    def run(self) -> None:
        """To its end, or as long as it may take."""
        path = bytes.fromhex(self._order.host)
        try:
            with os.fdopen(opened(path), "rb", buffering=0) as stream:
                first = stream.read(len(bug_report.MAGIC))
                stream.seek(0)
                if first == bug_report.MAGIC:
                    self._members(path)
                else:
                    self._one(stream, "")
        except OSError as error:
            self._problem(Cause.NOT_PERMITTED, f"cannot be read: {error.strerror or error}")
        self._flush(self._traffic.packets)
        self._send(Seen(self._traffic.packets, (), tuple(self._problems[: self._order.limits.problems]), self._traffic))

    def _members(self, path: bytes) -> None:
        """Every recording in an archive, each by itself: their records are numbered each from 1."""
        for name, stream in bug_report.recordings(Path(os.fsdecode(path)), lambda what: self._problem(Cause.BROKEN_INPUT, what)):
            self._one(stream, name)

    def _problem(self, cause: Cause, what: str) -> None:
        self._problems.append(Problem(cause, self._order.where, what, "the rest of the recording was not looked at", emitted()))

    def _one(self, stream: BinaryIO, member: str) -> None:
        where = self._order.where
        path = f"{where.path}{CHAIN}{member}" if member else where.path
        look = Look(lambda number: Where(where.evidence, path, packet=number or None), Redactor(self._order.key), self._order.limits, self._take)
        notes = Notes()
        for frame in capture.frames(stream, look.complaints.broken, look.not_radio, notes):
            look.frame(frame)
            if not look.packets % _FRAMES_A_LOOK and self._over(look, frame.number):
                break
        for what in notes.problems():
            look.complaints.broken(0, what)
        traffic, before = look.finish(), self._traffic
        self._traffic = Traffic(
            before.packets + traffic.packets, before.understood + traffic.understood, left_out((*before.left_out, *traffic.left_out))
        )
        self._problems.extend(look.complaints.problems)

    def _over(self, look: Look, number: int) -> bool:
        """Whether the time is used up; says now and then how far it is."""
        now = time.monotonic()
        if now > self._ends:
            what = f"capture_seconds: reading takes more than {self._order.seconds:.0f} seconds"
            look.complaints.once(Cause.LIMIT_REACHED, number, what, "the rest of the recording was not looked at")
            return True
        if now - self._noticed > _SECONDS_A_NOTICE:
            self._noticed = now
            self._flush(self._traffic.packets + look.packets)
        return False

    def _take(self, fact: Fact) -> None:
        self._waiting.append(to_record(fact))
        if len(self._waiting) >= FACTS_PER_MESSAGE:
            self._flush(self._traffic.packets)

    def _flush(self, packets: int) -> None:
        self._send(Seen(packets, tuple(self._waiting)))
        self._waiting.clear()
