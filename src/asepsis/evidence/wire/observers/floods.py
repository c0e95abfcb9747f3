"""Floods: far more connections or datagrams at once than a service ever had.

A flood is measured against what is usual for its victim, and against a floor below which nothing on a hospital's network is hurt. Counted are
handshakes that nobody completes (SYN flood, RFC 4987), connections, and datagrams to one address that it does not answer.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TypeVar

from asepsis.evidence.wire.events import Closed, Event, Opened
from asepsis.evidence.wire.habits import SECOND, Usual
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Conversation, Side
from asepsis.model.facts import Confidence, Disturbance, Fact

T = TypeVar("T")

WINDOW_SECONDS = 5
HALF_OPEN, CONNECTIONS, DATAGRAMS = 200, 500, 15_000
"""Floors, for one window: 40 and 100 connections a second, 3,000 datagrams a second. Our own proposals [P]."""
_TIMES_USUAL = 10
_BEYOND_DOUBT = 5
"""So many times the floor is told as likely even where nothing usual is known yet."""
_KNOWN = 6
_QUIET = 12
"""So many quiet windows end a flood: the next one is another."""
_MOST_VICTIMS = 4096
_MOST_LIVE = 8192
_MOST_FRESH = 1024
_MOST_PEERS = 256
_FEW_TALKS, _LARGE = 10, 500
"""A few conversations of large datagrams are a stream (pictures, sound, a transfer)."""
_ANSWERED = 5
_ONE = 0.8


class _Measure:
    """One thing that is counted for one victim, a window at a time."""

    __slots__ = ("quiet", "usual")

    def __init__(self) -> None:
        self.usual, self.quiet = Usual(), _QUIET

    def judge(self, count: int, floor: int, watched: int) -> Confidence | None:
        """How sure a flood is that begins in this window, after so many others; None if none does."""
        if not self.usual.exceeded(count, floor, _TIMES_USUAL):
            self.usual.learn(count, watched)
            self.quiet += 1
            return None
        begins, self.quiet = self.quiet >= _QUIET, 0
        if not begins:
            return None
        return Confidence.LIKELY if watched >= _KNOWN or count >= _BEYOND_DOUBT * floor else Confidence.WEAK

    def is_nothing(self, floor: int) -> bool:
        """Whether forgetting it changes no judgement: no flood goes on, and what is usual is far below the floor."""
        return self.quiet >= _QUIET and self.usual.mean * _TIMES_USUAL < floor


class _Service:
    """What came to one TCP service: conversations of this window (``fresh``), of the last one (``waiting``), and those nobody answered.

    What finds no room in these lists is counted: ``more`` of this window, unanswered and answered, ``waiting_more`` of the last one.
    """

    __slots__ = ("connections", "fresh", "half", "more", "unanswered", "waiting", "waiting_more")

    def __init__(self) -> None:
        self.half, self.connections = _Measure(), _Measure()
        self.fresh: list[Conversation] = []
        self.waiting: list[Conversation] = []
        self.unanswered: list[Conversation] = []
        self.more, self.waiting_more = [0, 0], 0


class _Target:
    """Datagrams that came to one address in this window, and those that it sent in the same conversations."""

    __slots__ = ("answers", "bytes", "measure", "packet", "packets", "peers", "talks")

    def __init__(self) -> None:
        self.measure = _Measure()
        self.clear()

    def clear(self) -> None:
        """A new window begins."""
        self.packets = self.answers = self.bytes = self.talks = self.packet = 0
        self.peers: Counter[str] = Counter()


class FloodsObserver:
    """One fact for each flood, at the end of the window (5 s) in which it showed."""

    info = ObserverInfo("floods", "Floods of connections and datagrams", (Disturbance,))

    def __init__(self, means: Means) -> None:
        """Nothing came yet."""
        self._means, self._began, self._watched = means, -1, 0
        self._services: OrderedDict[str, _Service] = OrderedDict()
        self._targets: OrderedDict[str, _Target] = OrderedDict()
        self._live: dict[int, tuple[Conversation, list[int]]] = {}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who opens what, and what a conversation held in the end."""
        if isinstance(event, Opened):
            self._opened(event.conversation, event.answered)
        elif isinstance(event, Closed) and (live := self._live.pop(event.conversation.number, None)):
            self._count(*live)
        yield from ()

    def _opened(self, talk: Conversation, answered: bool) -> None:
        if talk.transport != "tcp":
            if len(self._live) < _MOST_LIVE:
                self._live[talk.number] = (talk, [0, 0, 0, 0, 0])
            else:
                self._count(talk, [0, 0, 0, 0, 0])
            return
        if not talk.opened_seen:
            return
        service = _entry(self._services, str(talk.server), _Service)
        where = service.fresh if answered else service.unanswered
        if len(where) < _MOST_FRESH:
            where.append(talk)
        else:
            service.more[answered] += 1

    def _count(self, talk: Conversation, before: list[int]) -> None:
        """What came in a conversation since the last look: packets and bytes of both sides, the last packet."""
        if talk.last_packet == before[4]:
            return
        for side in Side:
            came, went = talk.packets[side] - before[side], talk.packets[side.other] - before[side.other]
            if came:
                target = _entry(self._targets, talk.end(side.other).address, _Target)
                target.packets, target.answers, target.talks = target.packets + came, target.answers + went, target.talks + 1
                target.bytes += talk.payload[side] - before[2 + side]
                target.packet = talk.last_packet
                speaker = talk.end(side).address
                if speaker in target.peers or len(target.peers) < _MOST_PEERS:
                    target.peers[speaker] += came
        before[:] = *talk.packets, *talk.payload, talk.last_packet

    # ----- windows

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """Once a window: what was a flood."""
        if self._began < 0 or time < self._began:
            self._began = time
        if time - self._began < WINDOW_SECONDS * SECOND:
            return
        self._began = time
        self._watched += 1
        for name, service in list(self._services.items()):
            yield from self._connections(name, service)
            if not service.waiting and service.half.is_nothing(HALF_OPEN) and service.connections.is_nothing(CONNECTIONS):
                del self._services[name]
        for talk, before in self._live.values():
            self._count(talk, before)
        for address, target in list(self._targets.items()):
            yield from self._datagrams(address, target)
            target.clear()
            if target.measure.is_nothing(DATAGRAMS):
                del self._targets[address]
        _ = packet

    def _connections(self, name: str, service: _Service) -> Iterator[Fact]:
        half = service.unanswered + [talk for talk in service.waiting if _half_open(talk)]
        whole = [talk for talk in service.waiting if not _half_open(talk)]
        more_half, more = service.more[0], service.waiting_more
        if not whole:
            more_half, more = more_half + more, 0
        service.waiting, service.waiting_more = service.fresh, service.more[1]
        service.fresh, service.unanswered, service.more = [], [], [0, 0]
        sure = service.half.judge(len(half) + more_half, HALF_OPEN, self._watched)
        if sure:
            # Nobody but a flood, or clients that call in vain, begins so many handshakes and completes none.
            yield self._fact("half-open flood", name, half, len(half) + more_half, Confidence.LIKELY, ("clients that try again and again",))
        sure = service.connections.judge(len(whole) + more, CONNECTIONS, self._watched)
        if sure:
            why = ("a load test or scanner", "a client that connects anew in a loop", "an unusually busy hour")
            yield self._fact("flood", name, whole, len(whole) + more, sure, why)

    def _fact(self, what: str, victim: str, talks: list[Conversation], count: int, sure: Confidence, why: tuple[str, ...]) -> Fact:
        peers = Counter(talk.client.address for talk in talks)
        thing = "handshakes that were not completed" if what.startswith("half") else "connections"
        detail = f"{count} {thing} in {WINDOW_SECONDS} s, from {_many(peers)}"
        return Disturbance(self._means.place(talks[0].first_packet), what, victim, _one(peers), detail, WINDOW_SECONDS, why, sure)

    def _datagrams(self, address: str, target: _Target) -> Iterator[Fact]:
        stream = target.talks <= _FEW_TALKS and target.bytes >= _LARGE * target.packets and target.packets < _BEYOND_DOUBT * DATAGRAMS
        answered = target.answers * _ANSWERED >= target.packets
        if stream or answered or (target.packets >= DATAGRAMS and ip_address(address).is_multicast):
            target.measure.usual.learn(target.packets, self._watched)
            return
        sure = target.measure.judge(target.packets, DATAGRAMS, self._watched)
        if sure:
            detail = f"{target.packets} datagrams in {WINDOW_SECONDS} s, from {_many(target.peers)}; {target.answers} were answered"
            why = ("a stream of pictures or sound", "a device that sends messages in a loop")
            yield Disturbance(self._means.place(target.packet), "flood", address, _one(target.peers), detail, WINDOW_SECONDS, why, sure)

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        """The last window, though it is not over, and what waited for it."""
        for _ in range(2):
            yield from self.pass_time(packet, max(time, self._began) + WINDOW_SECONDS * SECOND)


def _half_open(talk: Conversation) -> bool:
    """Whether the client never took up what it asked for: its SYN is all that it sent."""
    return talk.packets[Side.CLIENT] <= 1 and not any(talk.payload)


def _entry(table: OrderedDict[str, T], name: str, new: type[T]) -> T:
    entry = table.get(name)
    if entry is None:
        entry = table[name] = new()
        if len(table) > _MOST_VICTIMS:
            table.popitem(last=False)
    else:
        table.move_to_end(name)
    return entry


def _one(peers: Counter[str]) -> str:
    """Whoever sent nearly all of it; empty if nobody did."""
    first = peers.most_common(1)
    return first[0][0] if first and first[0][1] >= _ONE * peers.total() else ""


def _many(peers: Counter[str]) -> str:
    count = len(peers)
    return "1 address" if count == 1 else f"{count}{' or more' * (count >= _MOST_PEERS)} addresses"
