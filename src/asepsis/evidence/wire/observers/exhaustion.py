"""What wears a service down without many packets: connections that are held open and never used, and bursts of broken messages.

A connection counts as held if it is a minute old and one of its sides never said a word (slow requests, CWE-400); a handshake if its client left it
half open; an association of DICOM if nothing was said in it for a minute. Broken is what the decoders complain of, and headers that cannot be.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from asepsis.evidence.wire.bare import BROKEN
from asepsis.evidence.wire.events import Closed, Event, Opened, Uncalled
from asepsis.evidence.wire.habits import SECOND, Usual
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Conversation, Side
from asepsis.model.facts import Confidence, Disturbance, Fact

_AGE, _LITTLE = 60 * SECOND, 2048
_WINDOW = 10 * SECOND
_GIVEN_UP = 75 * SECOND
"""So long at most a server waits for the end of a handshake (five times a SYN-ACK, doubling from one second on)."""
_AT_ONCE = 5 * SECOND
_KNOWN = 6
_MOST_LIVE, _MOST_SERVICES, _MOST_PEERS, _MOST_HELD = 20_000, 4096, 256, 4096
UNUSED, HALF_OPEN, IDLE = (
    "connections held open for a minute and more, unused",
    "handshakes left half open",
    "associations kept idle for a minute and more",
)

Key = tuple[str, str, str]
"""How, the peer (empty: all together), the service."""
Text = Annotated[str, msgspec.Meta(max_length=100)]
Bursts = Annotated[dict[Text, tuple[Annotated[float, msgspec.Meta(ge=0, le=1e15)], bool]], msgspec.Meta(max_length=_MOST_SERVICES)]


class Lesson(msgspec.Struct, frozen=True):
    """What is remembered over a restart: windows watched, what is held, and of broken messages what is usual and whether a burst goes on."""

    watched: Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]
    held: Annotated[list[tuple[Text, Text, Text]], msgspec.Meta(max_length=_MOST_HELD)]
    bursts: Bursts


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
        self._held: set[Key] = set()

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in what begins and ends, and what is too broken to belong to anything."""
        talk = event.conversation
        if isinstance(event, Opened) and event.answered and len(self._live) < _MOST_LIVE:
            self._live[talk.number] = (talk, [0])
        elif isinstance(event, Closed) and (live := self._live.pop(talk.number, None)):
            self._broken(*live)
        elif isinstance(event, Uncalled) and talk.transport == BROKEN:
            self._count("", "", event.count, event.packet)
        yield from ()

    def _broken(self, talk: Conversation, before: list[int]) -> None:
        new = talk.broken - before[0]
        before[0] = talk.broken
        if new:
            self._count(str(talk.server), talk.client.address, new, talk.last_packet)

    def _count(self, name: str, peer: str, new: int, packet: int) -> None:
        burst = self._bursts.setdefault(name, _Burst())
        self._bursts.move_to_end(name)
        if len(self._bursts) > _MOST_SERVICES:
            self._bursts.popitem(last=False)
        burst.packet = burst.packet or packet
        burst.count += new
        if peer in burst.peers or len(burst.peers) < _MOST_PEERS:
            burst.peers[peer] += new

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """Once in ten seconds."""
        if self._looked < 0 or time < self._looked:
            self._looked = time
        if time - self._looked < _WINDOW:
            return
        self._looked = time
        self._watched += 1
        held: Counter[Key] = Counter()
        begun: dict[Key, list[int]] = {}
        for talk, before in self._live.values():
            self._broken(talk, before)
            if how := _held(talk, time):
                held[how, talk.client.address, str(talk.server)] += 1
                if how == HALF_OPEN:
                    for peer in (talk.client.address, ""):
                        begun.setdefault((how, peer, str(talk.server)), []).append(talk.first_time)
        yield from self._holding(held, begun, packet)
        for name, burst in self._bursts.items():
            yield from self._malformed(name, burst)

    def _holding(self, held: Counter[Key], begun: dict[Key, list[int]], packet: int) -> Iterator[Fact]:
        by_all: Counter[Key] = Counter()
        for (how, _, service), count in held.items():
            by_all[how, "", service] += count
        holding = {key for key, count in held.items() if count >= self._floor(key) and not self._at_once(begun.get(key, []))}
        named = {(how, service) for how, _, service in holding}
        holding |= {
            key for key, count in by_all.items()
            if count >= self._floor(key) and (key[0], key[2]) not in named and not self._at_once(begun.get(key, []))
        }  # fmt: skip
        for how, peer, service in sorted(holding - self._held)[: _MOST_HELD - len(self._held)]:
            count = held[how, peer, service] or by_all[how, peer, service]
            yield Disturbance(
                self._means.place(packet), "held connections", service, peer, f"{count} {how}", _AGE // SECOND,
                ("connections kept for later use", "a client that forgets to close them"), Confidence.LIKELY,
                self._means.thresholds.words(self._name((how, peer, service))),
            )  # fmt: skip
        # Until fewer than half are left it is the same holding.
        self._held = {key for key in self._held | holding if (held[key] or by_all[key]) * 2 >= self._floor(key)}

    @staticmethod
    def _name(key: Key) -> str:
        """The threshold that decides."""
        return ("associations" if key[0] == IDLE else "held_by_one") if key[1] and key[0] != HALF_OPEN else "held_by_all"

    def _floor(self, key: Key) -> int:
        return int(getattr(self._means.thresholds, self._name(key)))

    def _at_once(self, begun: list[int]) -> bool:
        """Whether so many were begun within five seconds that they are told as a flood."""
        begun, most = sorted(begun), self._means.thresholds.half_open
        return any(begun[i + most - 1] - begun[i] <= _AT_ONCE for i in range(len(begun) - most + 1))

    def _malformed(self, name: str, burst: _Burst) -> Iterator[Fact]:
        threshold = "broken" if name else "broken_packets"
        limits = self._means.thresholds
        exceeded = burst.usual.exceeded(burst.count, getattr(limits, threshold), limits.times_usual)
        if exceeded and not burst.told:
            first = burst.peers.most_common(1)[0]
            sure = Confidence.LIKELY if self._watched > _KNOWN else Confidence.WEAK
            thing = f"broken messages in {_WINDOW // SECOND} s, from {len(burst.peers)} addresses"
            yield Disturbance(
                self._means.place(burst.packet), "malformed burst", name, first[0] if first[1] == burst.count else "",
                f"{burst.count} {thing if name else f'packets with headers that cannot be, in {_WINDOW // SECOND} s'}", _WINDOW // SECOND,
                ("a scanner or a test of robustness", "a dialect that is not understood here", "packets missing in the capture"), sure,
                limits.words(threshold, "times_usual"),
            )  # fmt: skip
        if not exceeded:
            burst.usual.learn(burst.count, self._watched)
        burst.told, burst.count, burst.packet = exceeded, 0, 0
        burst.peers.clear()

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        """The last window, though it is not over. What began less than a minute before the end is not held."""
        yield from self.pass_time(packet, max(time, self._looked + _WINDOW))

    # ----- over a restart

    def remember(self) -> bytes:
        """What is usual and what goes on."""
        return msgspec.json.encode(
            Lesson(self._watched, sorted(self._held), {name: (one.usual.mean, one.told) for name, one in self._bursts.items()})
        )

    def recall(self, learned: bytes, _unwatched: int) -> None:
        """Take it in again. Connections that go on are joined in their middle, so that what is held is told anew only if it is opened anew."""
        lesson = msgspec.json.decode(learned, type=Lesson)
        self._watched, self._held = lesson.watched, set(lesson.held)
        for name, (mean, told) in lesson.bursts.items():
            burst = self._bursts[name] = _Burst(told=told)
            burst.usual.mean = mean


def _held(talk: Conversation, time: int) -> str:
    """How it is held open, if it is: opened for a minute by a whole handshake and nothing much said since, left half open, or idle."""
    if talk.transport != "tcp" or not talk.opened_seen:
        return ""
    age, (client, server) = time - talk.first_time, talk.payload
    if talk.packets[Side.CLIENT] <= 1:
        return HALF_OPEN if client == server == 0 and _WINDOW <= age <= _GIVEN_UP else ""
    if age < _AGE:
        return ""
    if talk.protocol == "dicom" and client and server and time - talk.last_time >= _AGE:
        return IDLE
    return UNUSED if (client == 0 or server == 0) and client + server <= _LITTLE else ""
