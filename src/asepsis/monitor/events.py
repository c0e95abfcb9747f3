"""What a watch says of itself, as lines of JSON beside the alarms: packets lost, reading behind, receivers that take nothing, what is broken."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from asepsis.monitor.deliver import Delivery

_LAG_SECONDS = 10
_NOTHING_SECONDS = 30
_SECOND = 1_000_000_000


class Events:
    """``say`` gets the lines. ``clock`` is the real time, None where the stream is not live."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] | None) -> None:
        self._say, self._clock = say, clock
        self._least_lag: float | None = None
        self._late = self._nothing = False
        self._receivers: dict[str, tuple[bool, int]] = {}

    def loss(self, dropped: int) -> None:
        """So many packets were dropped in all."""
        self._event(event="loss", dropped=dropped, detail="packets that the capturing program could not keep up with")

    def problem(self, what: str, consequence: str, packet: int | None = None) -> None:
        """Something could not be looked at."""
        self._event(event="problem", what=what, consequence=consequence, packet=packet or 0)

    def nothing_yet(self, seconds: int) -> None:
        """Not one packet came since the beginning; told once."""
        if seconds >= _NOTHING_SECONDS and not self._nothing:
            self._nothing = True
            self._event(event="nothing", seconds=seconds, detail="not one packet has come yet: is it the right interface, is the mirror port on?")

    def lag(self, last: int) -> None:
        """How late the packets are that are read now, beyond what they were at best: a stream may be played back."""
        if self._clock is None:
            return
        lag = self._clock() - last / _SECOND
        self._least_lag = lag if self._least_lag is None else min(self._least_lag, lag)
        behind = int(lag - self._least_lag)
        if (behind > _LAG_SECONDS) != self._late:
            self._late = not self._late
            self._event(event="lag", seconds=behind, detail="reading is behind the traffic" if self._late else "reading has caught up")

    def delivery(self, one: Delivery) -> None:
        """A receiver began or ceased to take alarms, or more were given up."""
        failed, now = one.failed, (bool(one.failed), one.lost)
        if now != self._receivers.get(one.name, (False, 0)):
            self._receivers[one.name] = now
            detail = failed or "it takes alarms again"
            self._event(event="delivery", to=one.name, waiting=len(one.waiting), lost=one.lost, detail=detail)

    def _event(self, **fields: str | int) -> None:
        self._say(msgspec.json.encode(fields).decode())
