"""What is counted of floods: for a service its connections, for an address the packets that come to it, each beside what is usual."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Annotated, TypeVar

import msgspec

from asepsis.evidence.wire.habits import SECOND, Usual
from asepsis.evidence.wire.packet import Conversation, Side
from asepsis.model.facts import Confidence
from asepsis.model.thresholds import Thresholds

K = TypeVar("K")
T = TypeVar("T")

WINDOW_SECONDS = 5
_BEYOND_DOUBT = 5
"""So many times the floor is told as likely even where nothing usual is known yet."""
_KNOWN = 6
_QUIET = 12
"""So many quiet windows end a flood: the next one is another."""
MOST_VICTIMS = 4096
_MOST_FRESH = 1024
_MOST_PEERS = 256
_FEW_TALKS, _LARGE = 10, 500
"""A few conversations of large datagrams are a stream (pictures, sound, a transfer)."""
_ANSWERED = 5
_ONE = 0.8

Text = Annotated[str, msgspec.Meta(max_length=100)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]
Habit = tuple[Annotated[float, msgspec.Meta(ge=0, le=1e15)], Count]
"""What is usual, and how many quiet windows there were."""


class Lesson(msgspec.Struct, frozen=True):
    """What is remembered over a restart: how many windows were watched, what is usual for services (half-open, connections) and addresses."""

    watched: Count
    services: Annotated[dict[Text, tuple[Habit, Habit]], msgspec.Meta(max_length=MOST_VICTIMS)]
    targets: Annotated[list[tuple[Text, Text, Habit]], msgspec.Meta(max_length=MOST_VICTIMS)]


class Measure:
    """One thing that is counted for one victim, a window at a time."""

    __slots__ = ("quiet", "usual")

    def __init__(self) -> None:
        self.usual, self.quiet = Usual(), _QUIET

    def judge(self, count: int, floor: int, watched: int, limits: Thresholds) -> Confidence | None:
        """How sure a flood is that begins in this window, after so many others; None if none does."""
        if not self.usual.exceeded(count, floor, limits.times_usual):
            self.calm(count, watched)
            return None
        begins, self.quiet = self.quiet >= _QUIET, 0
        if not begins:
            return None
        return Confidence.LIKELY if watched >= _KNOWN or count >= _BEYOND_DOUBT * floor else Confidence.WEAK

    def early(self, count: int, floor: int, watched: int, limits: Thresholds) -> Confidence | None:
        """The same before the window is over: only what is sure enough already, so that an alarm does not wait."""
        sure = watched >= _KNOWN or count >= _BEYOND_DOUBT * floor
        if not sure or self.quiet < _QUIET or not self.usual.exceeded(count, floor, limits.times_usual):
            return None
        self.quiet = 0
        return Confidence.LIKELY

    def calm(self, count: int, watched: int) -> None:
        """A window without a flood."""
        self.usual.learn(count, watched)
        self.quiet += 1

    def is_nothing(self, floor: int, limits: Thresholds) -> bool:
        """Whether forgetting it changes no judgement: no flood goes on, and what is usual is far below the floor."""
        return self.quiet >= _QUIET and self.usual.mean * limits.times_usual < floor

    def lesson(self) -> Habit:
        """As it is remembered."""
        return self.usual.mean, self.quiet

    def recall(self, lesson: Habit, missed: int) -> None:
        """As it was, so many windows ago."""
        self.usual.mean, self.quiet = lesson[0], lesson[1] + missed


class Service:
    """What came to one TCP service: conversations of this window (``fresh``), of the last one (``waiting``), and those nobody answered.

    What finds no room in these lists is counted: ``more`` of this window, unanswered and answered, ``waiting_more`` of the last one.
    """

    __slots__ = ("connections", "fresh", "half", "more", "unanswered", "waiting", "waiting_more")

    def __init__(self) -> None:
        self.half, self.connections = Measure(), Measure()
        self.fresh: list[Conversation] = []
        self.waiting: list[Conversation] = []
        self.unanswered: list[Conversation] = []
        self.more, self.waiting_more = [0, 0], 0

    def take(self, talk: Conversation, *, answered: bool) -> None:
        """One more conversation."""
        where = self.fresh if answered else self.unanswered
        if len(where) < _MOST_FRESH:
            where.append(talk)
        else:
            self.more[answered] += 1

    def settled(self) -> tuple[list[Conversation], int, list[Conversation], int]:
        """Of the last window: what was half open or never answered and how many in all, what was whole and how many. They are judged once."""
        half = self.unanswered + [talk for talk in self.waiting if half_open(talk)]
        whole = [talk for talk in self.waiting if not half_open(talk)]
        more_half, more = self.more[0], self.waiting_more
        if not whole:
            more_half, more = more_half + more, 0
        self.waiting, self.waiting_more, self.unanswered, self.more[0] = [], 0, [], 0
        return half, len(half) + more_half, whole, len(whole) + more

    def so_far(self, time: int) -> tuple[list[Conversation], int, list[Conversation], int]:
        """The same of this window, as far as a second has shown whether the client takes up what it asked for."""
        half = [talk for talk in self.fresh if half_open(talk) and time - talk.first_time >= SECOND]
        whole = [talk for talk in self.fresh if not half_open(talk)]
        more = self.more[1]
        return half, len(half) + (0 if whole else more), whole, len(whole) + (more if whole else 0)

    def turn(self) -> None:
        """A window is over: what began in it is judged a moment later."""
        self.waiting, self.waiting_more = self.fresh, self.more[1]
        self.fresh, self.more[1] = [], 0

    @property
    def crowd(self) -> int:
        """How many were opened in this window."""
        return len(self.fresh) + self.more[1]

    def is_nothing(self, limits: Thresholds) -> bool:
        """Whether it can be forgotten."""
        idle = not self.waiting and self.half.is_nothing(limits.half_open, limits)
        return idle and self.connections.is_nothing(limits.connections, limits)


class Target:
    """Packets that came to one address in this window, those that it sent in return, and those of them that it had ``asked`` for."""

    __slots__ = ("answers", "asked", "bytes", "measure", "packet", "packets", "peers", "talks")

    def __init__(self) -> None:
        self.measure = Measure()
        self.clear()

    def clear(self) -> None:
        """A new window begins."""
        self.packets = self.answers = self.asked = self.bytes = self.talks = self.packet = 0
        self.peers: Counter[str] = Counter()

    def take(self, speaker: str, count: int, packet: int) -> None:
        """So many came from somebody."""
        self.packets, self.packet = self.packets + count, packet
        if speaker in self.peers or len(self.peers) < _MOST_PEERS:
            self.peers[speaker] += count

    def is_ordinary(self, kind: str, floor: int) -> bool:
        """Whether it is a stream, or was answered; ICMP and broadcasts are neither."""
        if kind in {"icmp", "broadcasts"}:
            return False
        stream = self.talks <= _FEW_TALKS and self.bytes >= _LARGE * self.packets and self.packets < _BEYOND_DOUBT * floor
        return stream or self.answers * _ANSWERED >= self.packets


def half_open(talk: Conversation) -> bool:
    """Whether the client never took up what it asked for: its SYN is all that it sent."""
    return talk.packets[Side.CLIENT] <= 1 and not any(talk.payload)


def entry(table: OrderedDict[K, T], name: K, new: type[T]) -> T:
    """What is counted under a name; what was longest not counted is forgotten."""
    found = table.get(name)
    if found is None:
        found = table[name] = new()
        if len(table) > MOST_VICTIMS:
            table.popitem(last=False)
    else:
        table.move_to_end(name)
    return found


def one(peers: Counter[str]) -> str:
    """Whoever sent nearly all of it; empty if nobody did."""
    first = peers.most_common(1)
    return first[0][0] if first and first[0][1] >= _ONE * peers.total() else ""


def many(peers: Counter[str]) -> str:
    """How many there are, in words."""
    count = len(peers)
    return "1 address" if count == 1 else f"{count}{' or more' * (count >= _MOST_PEERS)} addresses"
