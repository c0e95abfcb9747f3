"""Who regularly speaks to whom: pairs whose rhythm is known, and strangers who may show one yet. A crowd of strangers drives out strangers alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec

from asepsis.evidence.wire.habits import Habit, Rhythm
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side
from asepsis.model.thresholds import Thresholds

MOST_PAIRS = 4096
"""Pairs whose rhythm is known, and as many that may show one yet."""
MOST_KINDS = 256
MOST_REMEMBERED = 4096
"""Rhythms that are remembered over a restart."""
UNSPOKEN = frozenset({"connection", "data"})
"""What is heard where nobody tells messages one by one."""
TALK = 3
"""So many messages in one connection: closing it is a goodbye, not the end of every report."""
_NEVER = 1 << 62

Key = tuple[str, str, int, bool]
"""Speaker, hearer, the service's port, whether the speaker is the server."""
Text = Annotated[str, msgspec.Meta(max_length=400)]
Port = Annotated[int, msgspec.Meta(ge=0, lt=1 << 16)]


class Pair:
    """One speaker to one hearer; ``talk`` and ``sent`` are the conversation of the last message and the packets from both sides until then.

    ``said`` is what each kind of message said last of the device's leaving (``standby``, ``stopped``, or nothing).
    """

    __slots__ = ("due", "ended", "hearer", "in_talk", "left", "rhythms", "said", "sent", "side", "sought", "speaker", "talk")

    def __init__(self, speaker: str, hearer: Endpoint, talk: Conversation, side: Side) -> None:
        self.speaker, self.hearer, self.talk, self.side = speaker, hearer, talk, side
        self.rhythms: dict[str, Rhythm] = {}
        self.said: dict[str, str] = {}
        self.sent, self.in_talk = (0, 0), 0
        self.ended: Closing | None = None
        self.left, self.sought = -1, -1
        self.due = _NEVER

    def look_again(self) -> None:
        """When the next silence would be one."""
        self.due = min((one.due for one in self.rhythms.values() if one.due and not one.told), default=_NEVER)

    @property
    def last(self) -> int:
        """When anything came last."""
        return max(one.last for one in self.rhythms.values())

    @property
    def goes_on(self) -> bool:
        """It went on sending in the same connection, and its partner answered nothing."""
        mine, theirs = self.talk.packets[self.side] - self.sent[0], self.talk.packets[self.side.other] - self.sent[1]
        return self.talk.transport == "tcp" and mine >= TALK and theirs <= 1

    def parting(self) -> frozenset[str]:
        """What the messages that it sends regularly said last of its leaving; empty words count, and that it connects says nothing."""
        return frozenset(self.said.get(kind, "") for kind, one in self.rhythms.items() if one.due and kind not in UNSPOKEN) or frozenset({""})


class Lesson(msgspec.Struct, array_like=True, frozen=True):
    """One pair as it is remembered: addresses, the service's and the hearer's ports, and its rhythms by kind of message."""

    speaker: Text
    hearer: Text
    port: Port
    server: bool
    hearer_port: Port
    transport: Text
    rhythms: Annotated[dict[Text, Habit], msgspec.Meta(max_length=MOST_KINDS)]


Lessons = Annotated[list[Lesson], msgspec.Meta(max_length=MOST_PAIRS)]


class Pairs:
    """Both tables. ``recalled`` are those of an earlier watch that were not heard yet, ``left_out`` how often one found no room."""

    def __init__(self, limits: Thresholds) -> None:
        """``limits`` say how long an absence is a silence."""
        self._limits = limits
        self.strangers: OrderedDict[Key, Pair] = OrderedDict()
        self.known: dict[Key, Pair] = {}
        self.recalled: set[Key] = set()
        self.left_out = 0

    def of(self, key: Key, talk: Conversation, side: Side) -> Pair:
        """The pair that has this key."""
        pair = self.known.get(key) or self.strangers.get(key)
        if pair is None:
            pair = self.strangers[key] = Pair(talk.end(side).address, talk.end(side.other), talk, side)
            if len(self.strangers) > MOST_PAIRS:
                self.strangers.popitem(last=False)
        elif key in self.strangers:
            self.strangers.move_to_end(key)
        return pair

    def beat(self, key: Key, pair: Pair, kind: str, now: int, time: int, packet: int) -> None:
        """It said something of this kind."""
        self.recalled.discard(key)
        rhythm = pair.rhythms.get(kind)
        before = (0, False) if rhythm is None else (rhythm.due, rhythm.told)
        if rhythm is not None:
            rhythm.beat(now, time, packet)
        elif len(pair.rhythms) < MOST_KINDS:
            # What nobody here understands may be anybody's: a page that was left open, a job that ran.
            pair.rhythms[kind] = rhythm = Rhythm(now, time, packet, sparing=kind in UNSPOKEN, limits=self._limits)
        else:
            self.left_out += 1
            return
        if (rhythm.due, rhythm.told) != before:
            pair.look_again()
        if rhythm.due and key in self.strangers:
            self._admit(key, self.strangers.pop(key))

    def _admit(self, key: Key, pair: Pair) -> None:
        if len(self.known) >= MOST_PAIRS and not self._make_room():
            self.left_out += 1
            return
        self.known[key] = pair

    def _make_room(self) -> bool:
        """Forget who has been silent for longest, and was told or left: he is awaited by nobody."""
        over = [(pair.last, key) for key, pair in self.known.items() if pair.due == _NEVER]
        if over:
            _, key = min(over)
            del self.known[key]
            self.recalled.discard(key)
        return bool(over)

    def all(self) -> Iterable[Pair]:
        """Known and strangers."""
        yield from self.known.values()
        yield from self.strangers.values()

    # ----- over a restart

    def lessons(self, left: Callable[[Pair], bool]) -> tuple[list[Lesson], int]:
        """What is worth remembering, and how many rhythms found no room in it. Who ``left`` in good order is awaited by nobody."""
        lessons, room, beyond = [], MOST_REMEMBERED, 0
        for (speaker, hearer, port, server), pair in self.known.items():
            gone = left(pair)
            habits = {kind: one.habit(told=one.told or gone) for kind, one in pair.rhythms.items() if one.due}
            if len(habits) > room:
                beyond += len(habits)
            elif habits:
                room -= len(habits)
                lessons.append(Lesson(speaker, hearer, port, server, pair.hearer.port, pair.talk.transport, habits))
        return lessons, beyond

    def recall(self, lessons: Iterable[Lesson]) -> None:
        """Take in what an earlier watch had learned: all are awaited from now on."""
        for one in lessons:
            speaker, hearer = Endpoint(one.speaker, one.port if one.server else 0), Endpoint(one.hearer, one.hearer_port)
            client, server = (hearer, speaker) if one.server else (speaker, hearer)
            talk, key = Conversation(0, one.transport, client, server, 0, 0), (one.speaker, one.hearer, one.port, one.server)
            pair = self.known[key] = Pair(one.speaker, hearer, talk, Side.SERVER if one.server else Side.CLIENT)
            pair.rhythms = {kind: Rhythm.of(habit, self._limits) for kind, habit in one.rhythms.items()}
            pair.look_again()
            self.recalled.add(key)


def keys(talk: Conversation) -> tuple[Key, Key]:
    """The pairs of a conversation by side."""
    client, server = talk.client.address, talk.server
    return (client, server.address, server.port, False), (server.address, client, server.port, True)
