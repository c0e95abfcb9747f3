"""What wears a service down without many packets: connections that are held open and never used, and bursts of broken messages.

A connection counts as held if it is a minute old and one of its sides never said a word (slow requests, CWE-400). Broken is what the decoders
complain of.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.wire.events import Closed, Event, Opened
from asepsis.evidence.wire.habits import SECOND, Usual
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Conversation, Side
from asepsis.model.facts import Confidence, Disturbance, Fact

HELD_BY_ONE, HELD_BY_ALL, BROKEN = 50, 200, 20
"""Connections held by one peer, by all of them, and broken messages in one window. Our own proposals [P]."""
_AGE, _LITTLE = 60 * SECOND, 2048
_WINDOW = 10 * SECOND
_TIMES_USUAL, _KNOWN = 10, 6
_MOST_LIVE, _MOST_SERVICES, _MOST_PEERS = 20_000, 4096, 256


@dataclass(slots=True)
class _Burst:
    """Broken messages to one service in this window."""

    usual: Usual = field(default_factory=Usual)
    count: int = 0
    packet: int = 0
    peers: Counter[str] = field(default_factory=Counter)
    told: bool = False


class ExhaustionObserver:
    """One fact for each, when it has become one."""

    info = ObserverInfo("exhaustion", "Services worn down by held connections or broken messages", (Disturbance,))

    def __init__(self, means: Means) -> None:
        """Nobody holds anything yet."""
        self._means, self._looked, self._watched = means, -1, 0
        self._live: dict[int, tuple[Conversation, list[int]]] = {}
        self._bursts: OrderedDict[str, _Burst] = OrderedDict()
        self._held: set[tuple[str, str]] = set()

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in what begins and ends."""
        talk = event.conversation
        if isinstance(event, Opened) and event.answered and len(self._live) < _MOST_LIVE:
            self._live[talk.number] = (talk, [0])
        elif isinstance(event, Closed) and (live := self._live.pop(talk.number, None)):
            self._broken(*live)
        yield from ()

    def _broken(self, talk: Conversation, before: list[int]) -> None:
        new = talk.broken - before[0]
        if not new:
            return
        before[0] = talk.broken
        name = str(talk.server)
        burst = self._bursts.setdefault(name, _Burst())
        self._bursts.move_to_end(name)
        if len(self._bursts) > _MOST_SERVICES:
            self._bursts.popitem(last=False)
        burst.packet = burst.packet or talk.last_packet
        burst.count += new
        if talk.client.address in burst.peers or len(burst.peers) < _MOST_PEERS:
            burst.peers[talk.client.address] += new

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """Once in ten seconds."""
        if self._looked < 0 or time < self._looked:
            self._looked = time
        if time - self._looked < _WINDOW:
            return
        self._looked = time
        self._watched += 1
        held: Counter[tuple[str, str]] = Counter()
        for talk, before in self._live.values():
            self._broken(talk, before)
            if _is_held(talk, time):
                held[talk.client.address, str(talk.server)] += 1
        yield from self._holding(held, packet)
        for name, burst in self._bursts.items():
            yield from self._malformed(name, burst)

    def _holding(self, held: Counter[tuple[str, str]], packet: int) -> Iterator[Fact]:
        by_all: Counter[tuple[str, str]] = Counter()
        for (_, service), count in held.items():
            by_all["", service] += count
        holding = {key for key, count in held.items() if count >= HELD_BY_ONE}
        named = {service for _, service in holding}
        holding |= {key for key, count in by_all.items() if count >= HELD_BY_ALL and key[1] not in named}
        for peer, service in sorted(holding - self._held):
            count = held[peer, service] or by_all[peer, service]
            yield Disturbance(
                self._means.place(packet), "held connections", service, peer, f"{count} connections held open for a minute and more, unused",
                _AGE // SECOND, ("connections kept for later use", "a client that forgets to close them"), Confidence.LIKELY,
            )  # fmt: skip
        # Until fewer than half are left it is the same holding.
        self._held = {key for key in self._held | holding if (held[key] or by_all[key]) * 2 >= (HELD_BY_ONE if key[0] else HELD_BY_ALL)}

    def _malformed(self, name: str, burst: _Burst) -> Iterator[Fact]:
        exceeded = burst.usual.exceeded(burst.count, BROKEN, _TIMES_USUAL)
        if exceeded and not burst.told:
            first = burst.peers.most_common(1)[0]
            sure = Confidence.LIKELY if self._watched > _KNOWN else Confidence.WEAK
            yield Disturbance(
                self._means.place(burst.packet), "malformed burst", name, first[0] if first[1] == burst.count else "",
                f"{burst.count} broken messages in {_WINDOW // SECOND} s, from {len(burst.peers)} addresses", _WINDOW // SECOND,
                ("a scanner or a test of robustness", "a dialect that is not understood here", "packets missing in the capture"), sure,
            )  # fmt: skip
        if not exceeded:
            burst.usual.learn(burst.count, self._watched)
        burst.told, burst.count, burst.packet = exceeded, 0, 0
        burst.peers.clear()

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        """The last window, though it is not over. What began less than a minute before the end is not held."""
        yield from self.pass_time(packet, max(time, self._looked + _WINDOW))


def _is_held(talk: Conversation, time: int) -> bool:
    """Opened for a minute by a whole handshake, and nothing much was said since."""
    if talk.transport != "tcp" or not talk.opened_seen or time - talk.first_time < _AGE or talk.packets[Side.CLIENT] <= 1:
        return False
    client, server = talk.payload
    return (client == 0 or server == 0) and client + server <= _LITTLE
