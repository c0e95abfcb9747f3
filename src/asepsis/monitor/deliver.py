"""Bring alarms to others, each place by a thread of its own: whoever does not answer makes nobody else wait, least of all the reading of packets.

What cannot be delivered waits, within a bound, and is tried again; what had to be dropped is counted. Every alarm was a line of JSON before.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable

from asepsis.monitor.alarm import Alarm

MOST_WAITING = 1000
_AGAIN = 5.0

Send = Callable[[Alarm], None]
"""Raises ``OSError`` or ``ValueError`` if the alarm did not get there; may take as long as it likes."""


class Delivery:
    """Alarms on their way to one place, in order. ``lost`` counts those that had to be dropped, ``failed`` says why the last was not taken."""

    def __init__(self, name: str, send: Send, again: float = _AGAIN) -> None:
        """``name`` is the place in words, ``again`` the seconds between attempts."""
        self.name, self.lost, self.failed = name, 0, ""
        self._send, self._again = send, again
        self._waiting: deque[Alarm] = deque()
        self._changed, self._over = threading.Condition(), False
        self._thread = threading.Thread(target=self._work, daemon=True, name=name)

    @property
    def waiting(self) -> tuple[Alarm, ...]:
        """What is not delivered yet."""
        with self._changed:
            return tuple(self._waiting)

    def put(self, *alarms: Alarm) -> None:
        """Deliver them soon; never waits. The one that is on its way stays, the next older ones make room."""
        with self._changed:
            for alarm in alarms:
                if len(self._waiting) >= MOST_WAITING:
                    del self._waiting[1]
                    self.lost += 1
                self._waiting.append(alarm)
            self._changed.notify_all()
        if alarms and not self._thread.ident:
            self._thread.start()

    def end(self, seconds: float) -> None:
        """No more come: try what waits once more, for so long at most."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        if self._thread.ident:
            self._thread.join(seconds)

    def _work(self) -> None:
        while (alarm := self._next()) is not None:
            try:
                self._send(alarm)
            except (OSError, ValueError) as error:
                self.failed = getattr(error, "strerror", "") or str(error) or type(error).__name__
                if self._pause():
                    return
            else:
                with self._changed:
                    self._waiting.popleft()
                    self.failed = ""

    def _next(self) -> Alarm | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._over)
            return self._waiting[0] if self._waiting else None

    def _pause(self) -> bool:
        """Wait until the next attempt; True if there is none. One begins when the end is told."""
        with self._changed:
            if self._over:
                return True
            self._changed.wait_for(lambda: self._over, self._again)
            return False


def undelivered(deliveries: Iterable[Delivery]) -> int:
    """How many alarms did not get to where they should."""
    return sum(len(one.waiting) + one.lost for one in deliveries)
