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
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.evidence import Problem
from asepsis.model.thresholds import SHIPPED, Thresholds
from asepsis.monitor.alarm import Alarm
from asepsis.monitor.child import PACKETS, TICK, Order, Word
from asepsis.monitor.deliver import Delivery
from asepsis.monitor.events import Events
from asepsis.monitor.state import CannotRemember, State

CHILD = "asepsis.monitor.child"
_PIECE = 60 * KIB
"""With its length it fits a pipe whole: a larger one would wait for the child to read the first part."""
_FOREVER = 1 << 30
_MOMENT = 0.1
_KEEP_SECONDS = 5.0
_QUIET_SECONDS, _TICK_SECONDS = 2.0, 1.0
"""After so long without a byte, real time stands for the capture's: somebody has to notice that nobody speaks."""
_LAST_ATTEMPT = 5.0
MOST_PROBLEMS = 1000


@dataclass(slots=True)
class Summary:
    """What a watch came to. ``ended`` is empty if the stream was read in order, else why it was not."""

    packets: int = 0
    alarms: int = 0
    known: int = 0
    dropped: int = 0
    last: int = 0
    ended: str = ""
    forgot: str = ""
    sureness: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def incomplete(self) -> bool:
        """Whether something could not be looked at, or remembered."""
        return bool(self.ended or self.forgot or self.dropped or self.problems)


class Watch:
    """One watch. ``say`` gets the lines of JSON; ``live`` says that packets come as they happen, so that being late, or silent, means something.

    ``dropped`` is asked now and then how many packets the capturing program could not keep, if it says so only beside the capture.
    """

    def __init__(  # noqa: PLR0913 - what is taken for granted is handed through
        self,
        say: Callable[[str], None],
        state: State,
        deliveries: Sequence[Delivery],
        *,
        live: bool,
        clock: Callable[[], float] = time.time,
        dropped: Callable[[], int] = lambda: 0,
        thresholds: Thresholds = SHIPPED,
        doses: DoseAssumptions = ASSUMED,
    ) -> None:
        self.summary, self._events = Summary(forgot=state.problem), Events(say, clock if live else None)
        self._say, self._state, self._deliveries, self._live, self._dropped = say, state, deliveries, live, dropped
        self.stopped, self._ticked, self._thresholds, self._doses = False, 0.0, thresholds, doses
        self._came = self._kept = time.monotonic()
        for one in deliveries:
            one.put(*state.waiting.get(one.name, ()))

    def stop(self) -> None:
        """No more is read; what was read is brought to its end."""
        self.stopped = True

    def run(self, stream: BinaryIO, name: str, limits: Limits) -> Summary:
        """Until the stream ends. Raises what ``say`` raises."""
        if self._state.problem:
            self._events.problem(self._state.problem, "what was told or learned before is not known")
        handle = stream.fileno()
        order = Order(name, os.urandom(32), limits, self._state.learned, self._thresholds, self._doses)
        bounds = sandbox.Bounds(
            wall_seconds=_FOREVER,
            cpu_seconds=_FOREVER,
            memory_bytes=4 * GIB,
            heap_bytes=limits.capture_memory_bytes,
            file_bytes=MIB,
            messages_bytes=1 << 60,
        )
        self._came = time.monotonic()
        try:
            ended = sandbox.run(CHILD, msgspec.json.encode(order), bounds=bounds, on_message=self._take, feed=lambda: self._next(handle))
            if not ended.ok:
                self.summary.ended = f"the process that reads the packets ended ({ended.error or ended.how})"
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.summary.ended = "the process that reads the packets said what makes no sense"  # it may be under attack
        until = time.monotonic() + _LAST_ATTEMPT
        for one in self._deliveries:
            one.end(max(0.0, until - time.monotonic()))
        self._keep()
        return self.summary

    # ----- the child's food

    def _next(self, handle: int) -> bytes | None:
        """The next piece, None if none came for a moment. Whoever asks has said all that he had to say: waiting here makes nobody wait."""
        self._now_and_then()
        if self.stopped:
            return b""
        if not select.select([handle], [], [], _MOMENT)[0]:
            return self._tick()
        self._came = time.monotonic()
        piece = os.read(handle, _PIECE)
        return piece and PACKETS + piece

    def _tick(self) -> bytes | None:
        """How long nothing came, once a second, from a live stream: of a file no clock but its own is right."""
        now = time.monotonic()
        if not self._live or now - self._came < _QUIET_SECONDS or now - self._ticked < _TICK_SECONDS:
            return None
        self._ticked = now
        if not self.summary.packets:
            self._events.nothing_yet(int(now - self._came))
        return TICK + int((now - self._came) * 1000).to_bytes(8, "big")

    def _now_and_then(self) -> None:
        if time.monotonic() - self._kept < _KEEP_SECONDS:
            return
        self._keep()
        self.lost(self._dropped() - self.summary.dropped)

    # ----- the child's words

    def _take(self, message: bytes) -> None:
        word = msgspec.json.decode(message, type=Word)
        summary = self.summary
        summary.packets, summary.last = word.packets, max(summary.last, word.time)
        self.lost(word.dropped - summary.dropped)
        if word.alarm is not None:
            self._tell(word.alarm)
        if word.learned:
            self._state.learned = word.learned  # written within five seconds: a slow disk must not delay the reading
        for problem in word.problems:
            if len(summary.problems) < MOST_PROBLEMS:
                summary.problems.append(problem)
                if summary.packets:
                    self._events.problem(problem.what, problem.consequence, problem.where.packet if problem.where else None)
        if not word.last:
            self._events.lag(word.time)
        self._now_and_then()

    def _tell(self, alarm: Alarm) -> None:
        if self._state.knows(alarm.id):
            self.summary.known += 1
            return
        self.summary.alarms += 1
        self.summary.sureness[alarm.sureness] = self.summary.sureness.get(alarm.sureness, 0) + 1
        self._say(alarm.line())
        for one in self._deliveries:
            one.put(alarm)
        self._remembering(lambda: self._state.told(alarm.id, self.summary.last))

    def lost(self, packets: int) -> None:
        """So many more packets were dropped before they got here."""
        if packets > 0:
            self.summary.dropped += packets
            self._events.loss(self.summary.dropped)

    # ----- what is remembered

    def _keep(self) -> None:
        self._kept = time.monotonic()
        self._state.waiting = {one.name: one.waiting for one in self._deliveries}
        for one in self._deliveries:
            self._events.delivery(one)
        self._state.last = max(self._state.last, self.summary.last)
        self._remembering(self._state.keep)

    def _remembering(self, write: Callable[[], None]) -> None:
        """A disk that is full ends no watch: it is told once, and again when it can be written."""
        try:
            write()
        except CannotRemember as error:
            if not self.summary.forgot:
                self._events.problem(str(error), "a restart now would tell alarms again and forget what was learned")
            self.summary.forgot = str(error)
