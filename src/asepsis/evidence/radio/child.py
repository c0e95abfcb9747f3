"""The bounded child that reads one recording of radio traffic and sends what it showed. It keeps its own time, like that for traffic of networks.

``serve`` is called by :mod:`asepsis.guard.sandbox`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import msgspec

from asepsis.evidence.radio import capture
from asepsis.evidence.radio.look import Look
from asepsis.evidence.wire.child import FACTS_PER_MESSAGE, Order, Seen, opened
from asepsis.evidence.wire.notes import Notes
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Cause
from asepsis.model.facts import Fact
from asepsis.model.record import FactRecord, to_record
from asepsis.model.where import Where

_FRAMES_A_LOOK = 4096
"""So many frames between two looks at the clock."""
_SECONDS_A_NOTICE = 2.0


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """Read the recording."""
    order = msgspec.json.decode(request, type=Order)
    _Reading(order, lambda part: send(msgspec.json.encode(part))).run()


class _Reading:
    """One recording being read. Facts wait until there are enough for a message."""

    def __init__(self, order: Order, send: Callable[[Seen], None]) -> None:
        self._order, self._send = order, send
        self._waiting: list[FactRecord] = []
        self._look = Look(self._place, Redactor(order.key), order.limits, self._take)

    def _place(self, number: int) -> Where:
        where = self._order.where
        return Where(where.evidence, where.path, packet=number or None)

    def _take(self, fact: Fact) -> None:
        self._waiting.append(to_record(fact))
        if len(self._waiting) >= FACTS_PER_MESSAGE:
            self._flush()

    def _flush(self) -> None:
        self._send(Seen(self._look.packets, tuple(self._waiting)))
        self._waiting.clear()

    def run(self) -> None:
        """To its end, or as long as it may take."""
        notes, complaints = Notes(), self._look.complaints
        try:
            self._read(notes)
        except OSError as error:
            complaints.once(Cause.NOT_PERMITTED, 0, f"cannot be read: {error.strerror or error}", "the rest of the recording was not looked at")
        for what in notes.problems():
            complaints.broken(0, what)
        traffic = self._look.finish()
        self._flush()
        self._send(Seen(self._look.packets, (), tuple(complaints.problems), traffic))

    def _read(self, notes: Notes) -> None:
        began = noticed = time.monotonic()
        look, complaints = self._look, self._look.complaints
        with os.fdopen(opened(bytes.fromhex(self._order.host)), "rb", buffering=0) as stream:
            for frame in capture.frames(stream, complaints.broken, look.not_radio, notes):
                look.frame(frame)
                if not look.packets % _FRAMES_A_LOOK:
                    now = time.monotonic()
                    if now - began > self._order.seconds:
                        what = f"capture_seconds: reading takes more than {self._order.seconds:.0f} seconds"
                        complaints.once(Cause.LIMIT_REACHED, frame.number, what, "the rest of the recording was not looked at")
                        return
                    if now - noticed > _SECONDS_A_NOTICE:
                        noticed = now
                        self._flush()
