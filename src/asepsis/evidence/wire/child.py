"""The bounded child that reads one capture and sends what it showed while it reads: whatever ends it, what was sent so far stays.

``serve`` is called by :mod:`asepsis.guard.sandbox`. It keeps its own time: a capture that takes too long is still brought to an end in order.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from asepsis.evidence.wire import capture, logs
from asepsis.evidence.wire.look import Look, Traffic
from asepsis.evidence.wire.observers import OBSERVERS, OF_LOGS
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.evidence import Problem
from asepsis.model.facts import Fact
from asepsis.model.record import FactRecord, to_record
from asepsis.model.where import Where

FACTS_PER_MESSAGE = 500
_PACKETS_A_LOOK = 4096
"""So many packets between two looks at the clock."""
_SECONDS_A_NOTICE = 2.0


class Order(msgspec.Struct, frozen=True):
    """What to read: ``host`` is its path in hex (names may be no text), ``where`` its place, ``seconds`` how long it may take.

    ``log`` says that it is a log of somebody who saw the traffic, and no capture; ``doses`` is what is taken for granted of pumps and wards.
    """

    host: str
    where: Where
    key: bytes
    seconds: float
    limits: Limits
    log: bool = False
    doses: DoseAssumptions = ASSUMED


class Seen(msgspec.Struct, frozen=True):
    """A part of what the capture showed; ``packets`` were read so far. The last part has the ``traffic`` and all ``problems``."""

    packets: int
    records: tuple[FactRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    traffic: Traffic | None = None


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """Read the capture."""
    order = msgspec.json.decode(request, type=Order)
    _Reading(order, lambda part: send(msgspec.json.encode(part))).run()


class _Reading:
    """One capture being read. Facts wait until there are enough for a message."""

    def __init__(self, order: Order, send: Callable[[Seen], None]) -> None:
        self._order, self._send = order, send
        self._waiting: list[FactRecord] = []
        self._look = Look(
            self._place, Redactor(order.key), order.limits, self._take, observers=OF_LOGS if order.log else OBSERVERS, doses=order.doses
        )

    def _place(self, packet: int) -> Where:
        where = self._order.where
        if self._order.log:
            return Where(where.evidence, where.path, line=packet or None)
        return Where(where.evidence, where.path, packet=packet or None)

    def _take(self, fact: Fact) -> None:
        self._waiting.append(to_record(fact))
        if len(self._waiting) >= FACTS_PER_MESSAGE:
            self._flush()

    def _flush(self) -> None:
        self._send(Seen(self._look.packets, tuple(self._waiting)))
        self._waiting.clear()

    def run(self) -> None:
        """To its end, or as long as it may take."""
        began = noticed = time.monotonic()
        notes = capture.Notes()
        try:
            with os.fdopen(opened(bytes.fromhex(self._order.host)), "rb", buffering=0) as stream:
                looked_at = 0
                for number in self._taken_in(stream, notes):
                    if self._look.packets - looked_at >= _PACKETS_A_LOOK:
                        now, looked_at = time.monotonic(), self._look.packets
                        if now - began > self._order.seconds:
                            self._look.limit(number, f"capture_seconds: reading takes more than {self._order.seconds:.0f} seconds")
                            break
                        if now - noticed > _SECONDS_A_NOTICE:
                            noticed = now
                            self._flush()
        except OSError as error:
            self._look.unreadable(f"cannot be read: {error.strerror or error}")
        for what in notes.problems():
            self._look.complain(0, what)
        traffic = self._look.finish()
        self._flush()
        self._send(Seen(self._look.packets, (), tuple(self._look.problems), traffic))

    def _taken_in(self, stream: BinaryIO, notes: capture.Notes) -> Iterator[int]:
        """The number of a packet or line now and then, once it has been looked at."""
        if self._order.log:
            for line in logs.lines(stream, self._look.complain):
                self._look.line(line)
                yield line.number
            return
        yield from self._look.captured(stream, notes)


def opened(path: bytes) -> int:
    """A plain file, never through a link. Raises ``OSError``."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "not a plain file")
    return handle
