"""Floods: far more connections, datagrams, bare segments, ICMP or broadcasts at once than somebody ever had.

A flood is measured against what is usual for its victim, and against a floor below which nothing on a hospital's network is hurt
(:mod:`asepsis.model.thresholds`). Counted are handshakes that nobody completes (SYN flood, RFC 4987), connections, and packets to one address that it
does not answer.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from ipaddress import ip_address

import msgspec

from asepsis.evidence.wire.bare import BROADCAST, ICMP, ICMP_ANSWER
from asepsis.evidence.wire.events import Closed, Event, Opened, Uncalled
from asepsis.evidence.wire.habits import SECOND
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.observers.flood.measures import WINDOW_SECONDS, Lesson, Service, Target, entry, many, one
from asepsis.evidence.wire.packet import Conversation, Side
from asepsis.model.facts import Confidence, Disturbance, Fact

_MOST_LIVE = 8192
_FEW_LIVE = 1024
"""So many conversations are looked at once a second, more only once a window."""
_A_MOMENT = 2 * SECOND
_MANY_IN_ONE = 50
"""Segments without content in one conversation and window: fewer are what every connection has."""
DATAGRAMS, SEGMENTS, MESSAGES, FRAMES = "datagrams", "segments", "icmp", "broadcasts"
"""What is counted for an address; each has a threshold of this name."""
_STORM = frozenset({"255.255.255.255", "ff:ff:ff:ff:ff:ff"})


class FloodsObserver:
    """One fact for each flood, as soon as it is one."""

    info = ObserverInfo("floods", "Floods of connections and packets", (Disturbance,))

    def __init__(self, means: Means) -> None:
        """Nothing came yet."""
        self._means, self._began, self._watched, self._settled = means, -1, 0, False
        self._services: OrderedDict[str, Service] = OrderedDict()
        self._targets: OrderedDict[tuple[str, str], Target] = OrderedDict()
        self._live: dict[str, dict[int, tuple[Conversation, list[int]]]] = {"tcp": {}, "udp": {}}
        self._over: set[int] = set()
        """Of those, TCP that ended: what still comes in them is no part of it."""

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who opens what, what a conversation held in the end, and what belongs to none."""
        if isinstance(event, Opened):
            self._opened(event)
        elif isinstance(event, Closed):
            self._closed(event.conversation)
        elif isinstance(event, Uncalled):
            self._uncalled(event)
        yield from ()

    def _opened(self, event: Opened) -> None:
        talk = event.conversation
        if talk.transport != "tcp" or event.answered:
            live, before = self._live[talk.transport], [0, 0, 0, 0, 0, event.side]
            if len(live) < _MOST_LIVE:
                live[talk.number] = (talk, before)
            else:
                self._count(talk, before)
        if talk.transport == "tcp" and talk.opened_seen:
            entry(self._services, str(talk.server), Service).take(talk, answered=event.answered)

    def _closed(self, talk: Conversation) -> None:
        live = self._live[talk.transport]
        if talk.transport == "tcp" and talk.number in live:
            self._over.add(talk.number)
        elif found := live.pop(talk.number, None):
            self._count(*found)

    def _uncalled(self, event: Uncalled) -> None:
        kind, source, victim = event.conversation.transport, event.speaker.address, event.hearer.address
        if kind == BROADCAST:
            entry(self._targets, (FRAMES, victim), Target).take(source, event.count, event.packet)
        elif kind in {ICMP, ICMP_ANSWER}:
            target = entry(self._targets, (MESSAGES, victim), Target)
            target.take(source, event.count, event.packet)
            if kind == ICMP_ANSWER:  # whoever asked is no victim of the answers
                target.asked += event.count
            else:
                entry(self._targets, (MESSAGES, source), Target).answers += event.count

    def _count(self, talk: Conversation, before: list[int]) -> None:
        """What came in a conversation since the last look: packets and bytes of both sides, the last packet, who spoke first."""
        if talk.last_packet == before[4]:
            return
        for side in Side:
            came, went = talk.packets[side] - before[side], talk.packets[side.other] - before[side.other]
            said, answered = talk.payload[side] - before[2 + side], talk.payload[side.other] - before[2 + side.other]
            if came and (kind := _kind(talk, came, said)) and not (kind == SEGMENTS and side != before[5] and went >= came):  # resets in answer
                target = entry(self._targets, (kind, talk.end(side.other).address), Target)
                target.take(talk.end(side).address, came, talk.last_packet)
                target.answers += went if kind != SEGMENTS or answered else 0
                target.bytes, target.talks = target.bytes + said, target.talks + 1
        before[:5] = *talk.packets, *talk.payload, talk.last_packet

    # ----- windows

    def pass_time(self, _packet: int, time: int) -> Iterator[Fact]:
        """What is a flood beyond doubt, at once; the rest when its window is over, and connections two seconds later."""
        if self._began < 0 or time < self._began:
            self._began = time
        elapsed = time - self._began
        over = elapsed >= WINDOW_SECONDS * SECOND
        if not self._settled and (over or elapsed >= _A_MOMENT):
            self._settled = True
            for name, service in self._services.items():
                yield from self._connections(name, service)
        if over:
            yield from self._turn(time)
        else:
            yield from self._early(time, max(1, elapsed // SECOND))

    def _turn(self, time: int) -> Iterator[Fact]:
        self._began, self._settled = time, False
        self._watched += 1
        limits = self._means.thresholds
        for name, service in list(self._services.items()):
            service.turn()
            if service.is_nothing(limits):
                del self._services[name]
        self._of_conversations()
        for (kind, address), target in list(self._targets.items()):
            yield from self._packets(kind, address, target)
            target.clear()
            if target.measure.is_nothing(getattr(limits, kind), limits):
                del self._targets[kind, address]

    def _early(self, time: int, seconds: int) -> Iterator[Fact]:
        limits = self._means.thresholds
        if sum(map(len, self._live.values())) <= _FEW_LIVE:
            self._of_conversations()
        for name, service in self._services.items():
            if service.crowd >= min(limits.half_open, limits.connections):
                yield from self._connections(name, service, (time, seconds))
        for (kind, address), target in self._targets.items():
            if target.packets >= min(getattr(limits, kind), limits.broadcasts):
                yield from self._packets(kind, address, target, seconds)

    def _of_conversations(self) -> None:
        for live in self._live.values():
            ended = []
            for number, (talk, before) in live.items():
                if talk.last_packet != before[4]:
                    self._count(talk, before)
                elif number in self._over:
                    ended.append(number)
            for number in ended:
                self._over.discard(number)
                del live[number]

    def _connections(self, name: str, service: Service, early: tuple[int, int] | None = None) -> Iterator[Fact]:
        """Of the last window; or ``early``, of this one, at a time and after so many seconds."""
        limits, seconds = self._means.thresholds, early[1] if early else WINDOW_SECONDS
        half, halves, whole, wholes = service.so_far(early[0]) if early else service.settled()
        judge_half, judge = (service.half.early, service.connections.early) if early else (service.half.judge, service.connections.judge)
        if judge_half(halves, limits.half_open, self._watched, limits) and half:
            # Nobody but a flood, or clients that call in vain, begins so many handshakes and completes none.
            yield self._fact("half-open flood", name, half, halves, seconds, Confidence.LIKELY, ("clients that try again and again",))
        if (sure := judge(wholes, limits.connections, self._watched, limits)) and whole:
            why = ("a load test or scanner", "a client that connects anew in a loop", "an unusually busy hour")
            yield self._fact("flood", name, whole, wholes, seconds, sure, why)

    def _fact(self, what: str, victim: str, talks: list[Conversation], count: int, seconds: int, sure: Confidence, why: tuple[str, ...]) -> Fact:
        peers = Counter(talk.client.address for talk in talks)
        half = what.startswith("half")
        detail = f"{count} {'handshakes that were not completed' if half else 'connections'} in {seconds} s, from {many(peers)}"
        assumes = self._means.thresholds.words("half_open" if half else "connections", "times_usual")
        return Disturbance(self._means.place(talks[0].first_packet), what, victim, one(peers), detail, seconds, why, sure, assumes)

    def _packets(self, kind: str, address: str, target: Target, early: int = 0) -> Iterator[Fact]:
        """Of a window that is over, or ``early`` after so many seconds."""
        limits, storm = self._means.thresholds, _is_storm(kind, address)
        name = FRAMES if storm else kind
        floor = getattr(limits, name)
        count = target.packets - (min(target.asked, target.answers) if kind == MESSAGES else 0)
        if target.is_ordinary(kind, floor) or (kind == DATAGRAMS and not storm and count >= floor and ip_address(address).is_multicast):
            if not early:
                target.measure.calm(count, self._watched)
        elif sure := (target.measure.early if early else target.measure.judge)(count, floor, self._watched, limits):
            seconds = early or WINDOW_SECONDS
            thing, why = _TOLD[kind]
            detail = f"{count} {thing} in {seconds} s, from {many(target.peers)}"
            detail += f"; {target.answers} were answered" * (kind == DATAGRAMS)
            yield Disturbance(
                self._means.place(target.packet), "broadcast storm" if storm else "flood", address, one(target.peers), detail, seconds,
                _LOOP if storm else why, sure, limits.words(name, "times_usual"),
            )  # fmt: skip

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        """The last window, though it is not over, and what waited for it."""
        for _ in range(2):
            yield from self.pass_time(packet, max(time, self._began) + WINDOW_SECONDS * SECOND)

    # ----- over a restart

    def remember(self) -> bytes:
        """What is usual, and which floods go on."""
        services = {name: (one.half.lesson(), one.connections.lesson()) for name, one in self._services.items()}
        targets = [(kind, address, one.measure.lesson()) for (kind, address), one in self._targets.items()]
        return msgspec.json.encode(Lesson(self._watched, services, targets))

    def recall(self, learned: bytes, unwatched: int) -> None:
        """A flood that goes on is no new one, unless nobody watched for long."""
        lesson = msgspec.json.decode(learned, type=Lesson)
        self._watched, missed = lesson.watched, unwatched // (WINDOW_SECONDS * SECOND)
        for name, (half, connections) in lesson.services.items():
            service = entry(self._services, name, Service)
            service.half.recall(half, missed)
            service.connections.recall(connections, missed)
        for kind, address, measure in lesson.targets:
            if kind in _TOLD:
                entry(self._targets, (kind, address), Target).measure.recall(measure, missed)


_TOLD = {
    DATAGRAMS: ("datagrams", ("a stream of pictures or sound", "a device that sends messages in a loop")),
    SEGMENTS: ("TCP segments without content", ("a capture that lacks what the other side says", "two hosts that disagree about a connection")),
    MESSAGES: ("ICMP messages that are no answers", ("a monitoring program that asks too often", "answers to what somebody else sends in its name")),
    FRAMES: ("frames to all hosts", ()),
}
"""What is counted → its words, and what else could explain many of them."""
_LOOP = ("a loop of cables or switches", "a network card or device that fails", "a search of the whole network (ARP scan)")


def _kind(talk: Conversation, came: int, said: int) -> str:
    """What packets of one side of a conversation count as; nothing if they are those of an ordinary connection."""
    if talk.transport != "tcp":
        return DATAGRAMS
    return SEGMENTS if said < came and (not talk.opened_seen or came >= _MANY_IN_ONE) else ""


def _is_storm(kind: str, address: str) -> bool:
    """Whether they went to everybody. The last address of a network is taken for its broadcast address where nobody answers from it [P]."""
    return kind == FRAMES or (kind == DATAGRAMS and (address in _STORM or address.endswith(".255")))
