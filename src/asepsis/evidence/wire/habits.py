"""What is usual for somebody, learned from what was seen of him: how often he speaks, how much he gets. Bounded; single outliers change little."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Annotated

import msgspec

from asepsis.model.thresholds import SHIPPED, Thresholds

SECOND = 1_000_000_000
_STEPS = 64
_STEP = SECOND // 2
_PAUSE = 4
"""A step of the clock that is so many times the usual one is nobody's silence: the capture paused, or nobody at all was heard."""
_LONG_STEP = 2
"""Or so many times one that only a tenth of all exceed: where a few devices report at the same time, the time between is no pause."""
_SHORTEST_PAUSE = 10 * SECOND

_INTERVALS = 32
_ENOUGH, _MANY, _LONG = 8, 20, 300 * SECOND
_MOST_SPREAD = 0.35
_NEAR = (0.5, 2.5)
"""Intervals so near the median count as kept: one that was missed doubles it."""
_MOST_KEPT = 0.75
_BEYOND_LONGEST, _ITS_OWN_LENGTH = 2.5, 1.25
_WINDOWS = 60
_FAR = (1 << 63) - 1
Moment = Annotated[int, msgspec.Meta(ge=0, le=_FAR)]


class Listening:
    """The time during which somebody was heard. It stands still while nobody at all speaks for much longer than is usual.

    ``now`` is in nanoseconds since the beginning; ``paused`` is what the last step left out, 0 if it was an ordinary one.
    """

    def __init__(self) -> None:
        """Nobody was heard yet."""
        self.now, self.paused = 0, 0
        self._last: int | None = None
        self._steps: deque[int] = deque(maxlen=_STEPS)
        self._longest = _SHORTEST_PAUSE

    def at(self, time: int) -> int:
        """The capture's clock is at ``time``; what time it is here. A clock that was set back only makes this one wait."""
        step = 0 if self._last is None else time - self._last
        if -_SHORTEST_PAUSE < step < 0:  # packets a little out of order
            return max(0, self.now + step)
        self._last, step = time, max(step, 0)
        self.paused = max(0, step - self._longest)
        self.now += step - self.paused
        if step >= _STEP:
            self._steps.append(step)
            steps = sorted(self._steps)
            self._longest = max(_SHORTEST_PAUSE, _PAUSE * steps[len(steps) // 2], _LONG_STEP * steps[len(steps) * 9 // 10])
        return self.now


class Habit(msgspec.Struct, array_like=True, frozen=True):
    """A rhythm as it is remembered over a restart; times in nanoseconds."""

    count: Annotated[int, msgspec.Meta(ge=1, le=_FAR)]
    last_time: Moment
    longest: Moment
    told: bool
    intervals: Annotated[list[Moment], msgspec.Meta(min_length=_ENOUGH, max_length=_INTERVALS)]


class Rhythm:
    """How regularly something comes. Learned from eight intervals on: most of them near their median, with a small spread.

    ``due`` is when its absence is a silence (0 as long as it shows no rhythm): so many times the usual interval after the last one as ``limits`` say,
    and clearly longer than any pause that it ever made. ``told`` says that its silence was told, ``awaited`` that nobody could hear it for a time
    that is over now.
    """

    __slots__ = (
        "_enough", "_intervals", "_limits", "_longest", "_slower", "_span",
        "awaited", "count", "due", "every", "last", "last_packet", "last_time", "told",
    )  # fmt: skip

    def __init__(self, now: int, time: int, packet: int, *, sparing: bool = False, limits: Thresholds = SHIPPED) -> None:
        """The first one: ``now`` by the listener's clock, ``time`` by the capture's. A ``sparing`` one learns from twenty within five minutes on."""
        self._enough, self._span = (_MANY, now + _LONG) if sparing else (_ENOUGH, 0)
        self._limits = limits
        self.count, self.due, self.every, self.told, self.awaited = 1, 0, 0, False, False
        self.last, self.last_time, self.last_packet = now, time, packet
        self._intervals: deque[int] = deque(maxlen=_INTERVALS)
        self._longest = self._slower = 0

    def beat(self, now: int, time: int, packet: int) -> None:
        """It came again. What comes within a second of the last one belongs to it."""
        self.last_time, self.last_packet = time, packet
        interval = now - self.last
        if self.awaited:
            self.due, self.last, self.awaited, self.told = self.due and self.due + interval, now, False, False
            return
        if interval < SECOND:
            return
        self.last = now
        self.count += 1
        if self.told:
            # One silence that was told does not make the next one unheard of by more than its own length.
            self._longest = max(self._longest, int(_ITS_OWN_LENGTH * interval / _BEYOND_LONGEST))
            self._slower, self.told = interval, False
        else:
            self._go_on(interval)
        self._learn()

    def _go_on(self, interval: int) -> None:
        """An interval of which nothing was told. Two long ones in a row are a rhythm that was set to be slower."""
        if self._slower and _NEAR[0] * self._slower <= interval <= self._slower / _NEAR[0]:
            self._intervals.clear()
            self._intervals.extend([interval] * self._enough)
        self._slower = 0
        self._longest = max(self._longest, interval)
        self._intervals.append(interval)

    def await_anew(self, now: int) -> None:
        """Nobody could be heard until now: its silence begins here, and how long it lasted in truth teaches nothing."""
        self.due = self.due and self.due + now - self.last
        self.last, self.awaited, self.told = now, True, False

    def habit(self, *, told: bool) -> Habit:
        """What is worth remembering of it."""
        return Habit(self.count, self.last_time, self._longest, told, list(self._intervals))

    @classmethod
    def of(cls, habit: Habit, limits: Thresholds = SHIPPED) -> Rhythm:
        """One that was remembered, and is awaited from the beginning on."""
        made = cls(0, habit.last_time, 0, limits=limits)
        made.count, made._longest = habit.count, habit.longest
        made._intervals.extend(habit.intervals)
        made._learn()
        made.await_anew(0)
        made.told = habit.told
        return made

    def _learn(self) -> None:
        self.due = 0
        if len(self._intervals) < self._enough or self.last < self._span:
            return
        self.every = int(median(self._intervals))
        spread = median(abs(interval - self.every) for interval in self._intervals)
        kept = sum(_NEAR[0] * self.every <= interval <= _NEAR[1] * self.every for interval in self._intervals)
        if spread <= _MOST_SPREAD * self.every and kept >= _MOST_KEPT * len(self._intervals):
            shortest = max(self._limits.silent_intervals * self.every, self._limits.silent_seconds * SECOND)
            self.due = self.last + max(shortest, int(_BEYOND_LONGEST * self._longest))


class Usual:
    """How much there usually is of something, a window at a time: a mean in which the last windows weigh most. What was exceptional is left out."""

    __slots__ = ("mean",)

    def __init__(self) -> None:
        """Nothing came yet."""
        self.mean = 0.0

    def learn(self, count: float, watched: int) -> None:
        """An ordinary window had so many; it was the ``watched``-th since anybody looked, and those before this one's first had none."""
        self.mean += (count - self.mean) / min(max(watched, 1), _WINDOWS)

    def exceeded(self, count: float, floor: float, times: float) -> bool:
        """Whether ``count`` is at least ``floor`` and ``times`` what is usual."""
        return count >= floor and count >= times * self.mean
