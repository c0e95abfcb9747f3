"""Look at recorded radio traffic: frames to links, to what is said on them, to what observers make of it.

This is the one place where a bug in an observer is caught: the others go on without it. Whatever is broken is a problem that hides only what a
recording of radio traffic can show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from asepsis.evidence.radio.air import Air
from asepsis.evidence.radio.complaints import Complaints
from asepsis.evidence.radio.events import Event
from asepsis.evidence.radio.frame import Frame, Kind, Link
from asepsis.evidence.radio.host import Host
from asepsis.evidence.radio.l2cap import L2cap
from asepsis.evidence.radio.links import Links
from asepsis.evidence.radio.observer import Means, Observer, Place
from asepsis.evidence.radio.observers import OBSERVERS
from asepsis.evidence.radio.security import Security
from asepsis.evidence.wire.look import Traffic, left_out
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.evidence import Cause, LeftOut
from asepsis.model.facts import Fact
from asepsis.model.where import Where

MakeObserver = Callable[[Means], Observer]
_ON_AIR = frozenset({Kind.AIR, Kind.CLEARED})


class Look:
    """One recording: ``frame`` takes frames in and ``finish`` ends it. ``complaints.problems`` are complete after that.

    ``place`` names the place of a frame (0: the recording as a whole); facts go to ``on_fact``.
    """

    def __init__(
        self, place: Place, redactor: Redactor, limits: Limits, on_fact: Callable[[Fact], None], observers: Sequence[MakeObserver] = OBSERVERS
    ) -> None:
        self._limits, self._on_fact = limits, on_fact
        self.complaints = Complaints(place, limits.problems, _emitted(observers))
        self._means = Means(place, redactor, self.complaints.full)
        self._observers = [make(self._means) for make in observers]
        self.packets, self._last, self._clock, self._facts = 0, 0, 0, 0
        self._not_understood: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._size = 0
        links = Links(self._means.states, self.complaints.full)
        self._security = Security(links, self._tell, self.complaints.broken, self.complaints.full)
        told = [self._guarded(one) for one in self._observers if one.info.attributes]
        l2cap = L2cap(self._security.see, told, self.complaints.broken, self._left_out)
        self._host = Host(self._security.see, links, l2cap, self.complaints.broken, self._left_out)
        self._air = Air(self._security.see, links, l2cap, self.complaints.broken, self._left_out)

    def frames(self, frames: Iterable[Frame]) -> None:
        """Take in all of them."""
        for frame in frames:
            self.frame(frame)

    def frame(self, frame: Frame) -> None:
        """Take in one frame."""
        self.packets += 1
        self._last, self._clock, self._size = frame[0], frame[1], len(frame[4])
        if frame[2] in _ON_AIR:
            self._air.frame(frame)
        else:
            self._host.frame(frame)

    def not_radio(self, number: int, reason: str, length: int) -> None:
        """A record of the recording that is no frame, and why."""
        self.packets += 1
        self._last, self._size = number, length
        self._left_out(reason)

    def finish(self) -> Traffic:
        """The recording ends here."""
        self._host.finish(self._last, self._clock)
        self._air.finish(self._last, self._clock)
        for observer in list(self._observers):
            try:
                for fact in observer.finish():
                    self._facts += 1
                    if self._facts <= self._limits.facts:
                        self._on_fact(fact)
            except Exception as error:  # noqa: BLE001 - the one place where an observer's bug is caught
                self._bug(observer, error)
        if self._facts > self._limits.facts:
            what = f"facts: more than {self._limits.facts}"
            self.complaints.once(Cause.LIMIT_REACHED, 0, what, "the rest of this recording's facts was dropped")
        self.complaints.finish()
        reasons = (LeftOut(reason, count, self._bytes[reason]) for reason, count in self._not_understood.items())
        return Traffic(self.packets, self.packets - self._not_understood.total(), left_out(reasons))

    def _left_out(self, reason: str) -> None:
        """The frame at hand is not understood; it counts once."""
        self._not_understood[reason] += 1
        self._bytes[reason] += self._size

    def _tell(self, event: Event) -> None:
        for observer in self._observers:
            try:
                observer.see(event)
            except Exception as error:  # noqa: BLE001 - see finish
                self._bug(observer, error)

    def _guarded(self, observer: Observer) -> Callable[[Link, bool, bytes, int], None]:
        def attribute(link: Link, from_central: bool, pdu: bytes, number: int) -> None:
            if observer in self._observers:
                try:
                    observer.attribute(link, from_central, pdu, number)
                except Exception as error:  # noqa: BLE001 - see finish
                    self._bug(observer, error)

        return attribute

    def _bug(self, observer: Observer, error: Exception) -> None:
        self._observers = [one for one in self._observers if one is not observer]
        what = f"{observer.info.name} failed with {type(error).__name__}"
        self.complaints.once(Cause.OUR_BUG, self._last, what, f"the rest of the recording was not looked at for: {observer.info.title}")


def emitted(observers: Sequence[MakeObserver] = OBSERVERS) -> tuple[str, ...]:
    """The kinds of fact that radio traffic may show."""
    return _emitted(observers)


def _emitted(observers: Sequence[MakeObserver]) -> tuple[str, ...]:
    means = Means(lambda number: Where("", "", packet=number or None), Redactor(bytes(16)))
    return tuple(sorted({kind.__name__ for make in observers for kind in make(means).info.emits}))
