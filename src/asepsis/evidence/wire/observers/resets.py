"""Reset storms: connections of one service that are broken off again and again, as somebody does who wants to keep two devices apart.

One forged segment with RST ends a connection (RFC 5961, 1.1). A service that restarts breaks off each connection once; some programs always end
theirs so. Neither is a storm.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from typing import NamedTuple

from asepsis.evidence.wire.events import Closed, Event
from asepsis.evidence.wire.habits import SECOND
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Closing
from asepsis.model.facts import Confidence, Disturbance, Fact

_WITHIN = 300 * SECOND
_SHARE, _HABIT = 0.8, 0.5
_KNOWN = 5
_MOST_ENDS, _MOST_SERVICES = 64, 4096


class _End(NamedTuple):
    time: int
    reset: bool
    client: str
    packet: int


class _Service:
    """The last ends of its connections, and of all earlier ones how many there were and how many of them resets."""

    __slots__ = ("before", "ends", "resets_before", "told")

    def __init__(self) -> None:
        self.ends: deque[_End] = deque()
        self.before = self.resets_before = 0
        self.told = False

    def take(self, end: _End) -> None:
        """Another one; what is long ago becomes habit, unless it was a storm."""
        self.ends.append(end)
        while self.ends[0].time < end.time - _WITHIN or len(self.ends) > _MOST_ENDS:
            gone = self.ends.popleft()
            if not self.told:
                self.before, self.resets_before = self.before + 1, self.resets_before + gone.reset

    @property
    def habitual(self) -> bool:
        """Resets are how its connections end."""
        return self.before >= _KNOWN and self.resets_before > _HABIT * self.before


class ResetsObserver:
    """One fact for each storm, as soon as it is one."""

    info = ObserverInfo("resets", "Connections broken off again and again", (Disturbance,))

    def __init__(self, means: Means) -> None:
        """Nothing ended yet."""
        self._means, self._services = means, OrderedDict[str, _Service]()

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in how conversations end in which something was said."""
        talk = event.conversation
        if not isinstance(event, Closed) or talk.transport != "tcp" or not any(talk.payload) or event.how not in {Closing.FINISHED, Closing.RESET}:
            return
        name = str(talk.server)
        service = self._services.setdefault(name, _Service())
        self._services.move_to_end(name)
        if len(self._services) > _MOST_SERVICES:
            self._services.popitem(last=False)
        service.take(_End(event.time, event.how is Closing.RESET, talk.client.address, event.packet))
        yield from self._judge(name, service)

    def _judge(self, name: str, service: _Service) -> Iterator[Fact]:
        resets = [end for end in service.ends if end.reset]
        clients = Counter(end.client for end in resets)
        storm = len(resets) - len(clients) >= self._means.thresholds.resets and len(resets) >= _SHARE * len(service.ends)
        if storm and not service.told and not service.habitual:
            first, last = resets[0], resets[-1]
            sure = Confidence.LIKELY if service.before >= _KNOWN else Confidence.WEAK
            seconds = (last.time - first.time) // SECOND
            detail = f"{len(resets)} of {len(service.ends)} connections were broken off in {seconds} s, from {len(clients)} clients"
            why = ("the service crashes again and again", "a firewall or balancer that breaks off what it does not know")
            peer = first.client if len(clients) == 1 else ""
            usually = () if sure is Confidence.LIKELY else ("its connections may always end so: no others were seen before",)
            assumes = self._means.thresholds.words("resets")
            yield Disturbance(self._means.place(first.packet), "reset storm", name, peer, detail, seconds, (*usually, *why), sure, assumes)
        service.told = storm

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All was told when it happened."""
        yield from ()
