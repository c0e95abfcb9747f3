"""Watch a stream of packets: read it in a bounded child, tell each alarm once, say what was lost. Ended by the stream's end or by ``stop``."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from asepsis.guard import sandbox
from asepsis.guard.limits import GIB, KIB, MIB, Limits
from asepsis.model.evidence import Problem
from asepsis.monitor.alarm import Alarm
from asepsis.monitor.child import Order, Word
from asepsis.monitor.deliver import Delivery
from asepsis.monitor.state import State

CHILD = "asepsis.monitor.child"
_PIECE = 60 * KIB
"""With its length it fits a pipe whole: a larger one would wait for the child to read the first part."""
_FOREVER = 1 << 30
_MOMENT = 0.1
_KEEP_SECONDS = 5.0
_LAG_SECONDS = 10
_SECOND = 1_000_000_000

Say = Callable[[str], None]


@dataclass(slots=True)
class Summary:
    """What a watch came to. ``ended`` is empty if the stream was read in order, else why it was not."""

    packets: int = 0
    alarms: int = 0
    known: int = 0
    dropped: int = 0
    last: int = 0
    ended: str = ""
    sureness: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def incomplete(self) -> bool:
        """Whether something could not be looked at."""
        return bool(self.ended or self.dropped or self.problems)


class Watch:
    """One watch. ``say`` gets the lines of JSON; ``live`` says that packets come as they happen, so that being late means something."""

    def __init__(self, say: Say, state: State, deliveries: Sequence[Delivery], *, live: bool, clock: Callable[[], float] = time.time) -> None:
        self.summary = Summary()
        self._say, self._state, self._deliveries = say, state, deliveries
        self._live, self._clock = live, clock
        self.stopped, self._kept = False, 0.0
        self._least_lag: float | None = None
        self._late = False

    def stop(self) -> None:
        """No more is read; what was read is brought to its end."""
        self.stopped = True

    def run(self, stream: BinaryIO, name: str, limits: Limits) -> Summary:
        """Until the stream ends. Raises what ``say`` and the state file raise."""
        handle = stream.fileno()
        order = Order(name, os.urandom(32), limits)
        bounds = sandbox.Bounds(
            wall_seconds=_FOREVER,
            cpu_seconds=_FOREVER,
            memory_bytes=4 * GIB,
            heap_bytes=limits.capture_memory_bytes,
            file_bytes=MIB,
            messages_bytes=1 << 60,
        )
        try:
            ended = sandbox.run(CHILD, msgspec.json.encode(order), bounds=bounds, on_message=self._take, feed=lambda: self._next(handle))
            if not ended.ok:
                self.summary.ended = f"the process that reads the packets ended ({ended.error or ended.how})"
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.summary.ended = "the process that reads the packets said what makes no sense"  # it may be under attack
        for one in self._deliveries:
            one.try_again(now=True)
        self._state.keep(self.summary.last)
        return self.summary

    def _next(self, handle: int) -> bytes | None:
        """The next bytes, None if none came for a moment. Whoever asks has said all that he had to say: waiting here makes nobody wait."""
        for one in self._deliveries:
            one.try_again()
        if self.stopped:
            return b""
        if not select.select([handle], [], [], _MOMENT)[0]:
            return None
        return os.read(handle, _PIECE)

    def _take(self, message: bytes) -> None:
        word = msgspec.json.decode(message, type=Word)
        summary = self.summary
        summary.packets, summary.last = word.packets, max(summary.last, word.time)
        if word.dropped > summary.dropped:
            self.lost(word.dropped - summary.dropped)
        if word.alarm is not None:
            self._tell(word.alarm)
        if word.last:
            summary.problems = word.problems
        elif self._live:
            self._look_at_lag(word.time)
        if time.monotonic() - self._kept > _KEEP_SECONDS:
            self._kept = time.monotonic()
            self._state.keep(summary.last)

    def _tell(self, alarm: Alarm) -> None:
        if self._state.knows(alarm.id):
            self.summary.known += 1
            return
        self.summary.alarms += 1
        self.summary.sureness[alarm.sureness] = self.summary.sureness.get(alarm.sureness, 0) + 1
        self._say(alarm.line())
        for one in self._deliveries:
            one.put(alarm)
        self._state.told(alarm.id, self.summary.last)

    def lost(self, packets: int) -> None:
        """So many more packets were dropped before they got here."""
        self.summary.dropped += packets
        self._event(event="loss", dropped=self.summary.dropped, detail="packets that the capturing program could not keep up with")

    def _look_at_lag(self, last: int) -> None:
        """How late the packets are that are read now, beyond what they were at best: a stream may be played back."""
        lag = self._clock() - last / _SECOND
        self._least_lag = lag if self._least_lag is None else min(self._least_lag, lag)
        behind = int(lag - self._least_lag)
        if (behind > _LAG_SECONDS) != self._late:
            self._late = not self._late
            self._event(event="lag", seconds=behind, detail="reading is behind the traffic" if self._late else "reading has caught up")

    def _event(self, **fields: str | int) -> None:
        self._say(msgspec.json.encode(fields).decode())
