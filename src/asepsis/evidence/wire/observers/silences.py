"""Who spoke regularly and fell silent: reports of HL7, associations of DICOM, connections, and data that nobody here understands.

For each pair of speaker and hearer the rhythm of each kind of message is learned. What is missing for much longer than ever before is told, unless
the device said goodbye, or it goes on calling a partner who no longer answers: then that one is silent. Where nearly all fall silent together, that
is told once, since what they share is the likelier cause. In a file a time in which nobody at all was heard is a pause of the capture; in live
traffic it is told while it lasts. A capture that ends tells nothing of anybody.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from asepsis.evidence.protocols.hl7 import Broken, Message, parse
from asepsis.evidence.wire.events import Closed, DicomAssociation, Event, Hl7Said, Named, Opened, SoapSaid
from asepsis.evidence.wire.habits import SECOND, Listening, Rhythm
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side
from asepsis.model.facts import Confidence, Disturbance, Fact

_MOST_PAIRS = 4096
"""Pairs whose rhythm is known, and as many that may show one yet: a crowd of strangers drives out strangers alone."""
_MOST_KINDS = 256
_MOST_SAMPLED = 1024
_FEW_OBX = 16
_ACKNOWLEDGEMENTS = frozenset({"ACK", "MCF", "RRG", ""})
"""They follow somebody else's rhythm."""
_SPOKEN = frozenset({"hl7", "dicom"})
"""Protocols whose messages are heard one by one."""
_UNSPOKEN = frozenset({"connection", "data"})
_LONG_PAUSE = 60 * SECOND
_NEVER = 1 << 62
_TOGETHER, _NEARLY_ALL, _NAMED = 3, 0.8, 5
"""So many speakers, and such a share of them, fall silent together rather than each for itself [P]; so many are named."""
_SHARED = "a tap, mirror port, switch or cable that all of them share: likelier than that each of them stopped"
_TALK = 3
"""So many messages in one connection: closing it is a goodbye, not the end of every report."""


class _Pair:
    """One speaker to one hearer; ``talk`` and ``sent`` are the conversation of the last message and the packets from both sides until then."""

    __slots__ = ("due", "ended", "hearer", "in_talk", "left", "rhythms", "sent", "side", "sought", "speaker", "talk")

    def __init__(self, speaker: str, hearer: Endpoint, talk: Conversation, side: Side) -> None:
        self.speaker, self.hearer, self.talk, self.side = speaker, hearer, talk, side
        self.rhythms: dict[str, Rhythm] = {}
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
        return self.talk.transport == "tcp" and mine >= _TALK and theirs <= 1


Key = tuple[str, str, int, bool]


class SilencesObserver:
    """One fact for each silence, when it has become one."""

    info = ObserverInfo("silences", "Devices that fell silent", (Disturbance,))

    def __init__(self, means: Means) -> None:
        """Nobody spoke yet."""
        self._means, self._clock = means, Listening()
        self._strangers: OrderedDict[Key, _Pair] = OrderedDict()
        self._known: dict[Key, _Pair] = {}
        self._sampled: OrderedDict[int, tuple[Conversation, list[int]]] = OrderedDict()
        """Conversations that are looked at once a second: how much each side had said, the last packet."""
        self._farewells: OrderedDict[str, int] = OrderedDict()
        self._not_watched = 0
        self._packet, self._heard, self._told_alone = -1, 0, False
        self._together: set[Key] = set()
        """Pairs of which it was told that they fell silent together."""

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who speaks, who leaves, who is called in vain."""
        match event:
            case Hl7Said():
                self._hl7(event)
            case DicomAssociation(kind="request"):
                self._beat(event, "DICOM association")
            case Opened():
                self._opened(event)
            case Closed():
                self._closed(event)
            case Named(how="dhcp") if event.attributes.get("message") == "release":
                self._farewell(event.speaker.address, event.time)
            case SoapSaid() if event.action.endswith("/Bye"):
                self._farewell(event.speaker.address, event.time)
        yield from ()

    # ----- what is heard

    def _hl7(self, event: Hl7Said) -> None:
        try:
            message = parse(event.message)
        except Broken:
            return
        code, trigger = message.kind
        if code not in _ACKNOWLEDGEMENTS:
            self._beat(event, " ".join(filter(None, (f"HL7 {code}^{trigger}", _device(message)))))

    def _opened(self, event: Opened) -> None:
        talk = event.conversation
        if not event.answered:
            for key in _keys(talk):
                if pair := self._known.get(key):
                    pair.sought = self._clock.at(event.time) - max(0, event.time - talk.first_time)
            return
        if talk.transport == "tcp":
            self._beat(event, "connection", Side.CLIENT)
        self._sampled[talk.number] = (talk, [0, 0, 0])
        if len(self._sampled) > _MOST_SAMPLED:
            self._sampled.popitem(last=False)

    def _closed(self, event: Closed) -> None:
        talk = event.conversation
        self._sampled.pop(talk.number, None)
        for key in _keys(talk):
            pair = self._known.get(key)
            if pair and pair.talk is talk:
                pair.ended = event.how
                if event.how is Closing.FINISHED and pair.in_talk >= _TALK:
                    pair.left = self._clock.at(event.time)

    def _farewell(self, address: str, time: int) -> None:
        self._farewells[address] = self._clock.at(time)
        if len(self._farewells) > _MOST_PAIRS:
            self._farewells.popitem(last=False)

    def _sample(self) -> None:
        """Who sent something since the last look, in conversations whose messages nobody tells one by one."""
        for talk, before in self._sampled.values():
            if talk.last_packet != before[2] and talk.protocol not in _SPOKEN:
                for side in Side:
                    if talk.payload[side] > before[side]:
                        self._take(talk, side, "data", talk.last_packet, talk.last_time)
                before[:] = *talk.payload, talk.last_packet

    def _beat(self, event: Event, kind: str, side: Side | None = None) -> None:
        self._take(event.conversation, event.side if side is None else side, kind, event.packet, event.time)

    def _take(self, talk: Conversation, side: Side, kind: str, packet: int, time: int) -> None:
        now, key = self._clock.at(time), _keys(talk)[side]
        pair = self._known.get(key) or self._pair(key, talk, side)
        if key in self._together:
            self._heard_again(now)
        if talk is not pair.talk:
            pair.talk, pair.in_talk = talk, 0
        pair.in_talk, pair.ended, pair.left = pair.in_talk + (kind != "connection"), None, -1
        pair.sent = talk.packets[side], talk.packets[side.other]
        rhythm = pair.rhythms.get(kind)
        if rhythm is not None:
            rhythm.beat(now, time, packet)
        elif len(pair.rhythms) < _MOST_KINDS:
            # What nobody here understands may be anybody's: a page that was left open, a job that ran.
            pair.rhythms[kind] = rhythm = Rhythm(now, time, packet, sparing=kind in _UNSPOKEN)
        else:
            self._not_watched += 1
            return
        pair.look_again()
        if rhythm.due and key in self._strangers:
            self._admit(key, self._strangers.pop(key))

    def _pair(self, key: Key, talk: Conversation, side: Side) -> _Pair:
        pair = self._strangers.get(key)
        if pair is None:
            pair = self._strangers[key] = _Pair(talk.end(side).address, talk.end(side.other), talk, side)
            if len(self._strangers) > _MOST_PAIRS:
                self._strangers.popitem(last=False)
        else:
            self._strangers.move_to_end(key)
        return pair

    def _admit(self, key: Key, pair: _Pair) -> None:
        if len(self._known) < _MOST_PAIRS:
            self._known[key] = pair
        else:
            self._not_watched += 1

    # ----- what is missing

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """What has been missing for too long. That the packet is still the last one says that nobody at all was heard since."""
        alone = packet == self._packet
        if alone:
            now = self._clock.now + max(0, time - self._heard)
        else:
            self._packet, self._heard = packet, time
            now = self._clock.at(time)
            if self._clock.paused > _LONG_PAUSE and self._known and not self._told_alone:
                yield self._paused(packet, self._clock.paused // SECOND)
            self._told_alone = False
        self._sample()
        if any(pair.due < now for pair in self._known.values()):
            for fact in self._missing(packet, now, time, alone=alone):
                self._told_alone = alone
                yield fact

    def _missing(self, packet: int, now: int, time: int, *, alone: bool) -> Iterator[Fact]:
        """Somebody is overdue: told for all together, or for each."""
        silent, heard = self._silent(now)
        if len(silent) >= (2 if alone else _TOGETHER) and len(silent) >= _NEARLY_ALL * (len(silent) + len(heard)):
            yield self._all(packet, silent, heard, time)
        for key, pair in self._known.items():
            if pair.due < now:
                missing = [(kind, one) for kind, one in pair.rhythms.items() if 0 < one.due < now and not one.told]
                if missing:
                    yield from self._judge(key, pair, missing, time, alone=alone)
                pair.look_again()

    def _silent(self, now: int) -> tuple[set[str], set[str]]:
        """Regular speakers whose every rhythm lacks at least one message now and of whom nothing was told yet, and those who are heard."""
        heard: set[str] = set()
        silent: set[str] = set()
        for pair in self._known.values():
            rhythms = [one for one in pair.rhythms.values() if one.due and not one.told]
            late = all(now - one.last > 2 * one.every for one in rhythms)
            if rhythms and not (late and self._said_goodbye(pair, max(rhythms, key=lambda one: one.last))):
                (silent if late else heard).add(pair.speaker)
        return silent - heard, heard

    def _all(self, packet: int, silent: set[str], heard: set[str], time: int) -> Fact:
        """Nearly everybody fell silent: what they share is told."""
        pairs = [(key, pair) for key, pair in self._known.items() if pair.speaker in silent]
        last = max(one.last_time for _, pair in pairs for one in pair.rhythms.values())
        for key, pair in pairs:
            self._together.add(key)
            for one in pair.rhythms.values():
                one.told = True
            pair.look_again()
        names = sorted(silent)
        more = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
        detail = f"{len(names)} regular speakers fell silent together: {', '.join(names[:_NAMED])}{more}"
        detail += f"; {len(heard)} others go on" if heard else "; nobody else is heard regularly"
        return Disturbance(
            self._means.place(packet), "silence", "", "", detail, (time - last) // SECOND,
            (_SHARED, "whoever captures stands still", "all were switched off or moved"), Confidence.LIKELY,
        )  # fmt: skip

    def _heard_again(self, now: int) -> None:
        """One of those is back, so what they share is: the others are awaited from now on."""
        for pair in (self._known[key] for key in self._together if key in self._known):
            for one in pair.rhythms.values():
                if one.due:
                    one.await_anew(now)
            pair.look_again()
        self._together.clear()

    def _judge(self, key: Key, pair: _Pair, missing: list[tuple[str, Rhythm]], time: int, *, alone: bool = False) -> Iterator[Fact]:
        first = max((one for _, one in missing), key=lambda one: one.count)
        whole = pair.last <= first.last + first.every
        for _, one in missing:
            one.told = True
        if not whole:
            yield from self._parts(pair, missing, time)
            return
        for one in pair.rhythms.values():
            one.told = True
        kinds = ", ".join(sorted(kind for kind, one in pair.rhythms.items() if one.due))
        if pair.goes_on or (pair.sought > first.last and pair.side is Side.CLIENT):
            yield self._partner(pair, first, time, kinds)
        elif not self._said_goodbye(pair, first) and not self._follows(key, first):
            yield self._whole(key, pair, first, time, kinds, alone=alone)

    def _parts(self, pair: _Pair, missing: list[tuple[str, Rhythm]], time: int) -> Iterator[Fact]:
        """Some messages go on: whoever speaks for several devices lost one of them. A device that stops one of its kinds of message may mean to."""
        for kind, one in missing:
            device = _device_in(kind)
            gone = device and all(other.last <= one.last + one.every for name, other in pair.rhythms.items() if _device_in(name) == device)
            if kind.startswith("HL7"):
                why = "the device behind it was switched off or disconnected" if gone else "it has nothing to report any more"
                yield self._silence(pair, one, time, kind, Confidence.LIKELY if gone else Confidence.WEAK, (why,))

    def _said_goodbye(self, pair: _Pair, rhythm: Rhythm) -> bool:
        """Its connection was closed as it should, or it left the network in good order, within the time in which the next message was awaited."""
        left = max(pair.left, self._farewells.get(pair.speaker, -1))
        return rhythm.last <= left <= rhythm.last + max(rhythm.every, 2 * _LONG_PAUSE)

    def _follows(self, key: Key, rhythm: Rhythm) -> bool:
        """Whether it only answers: whoever opens the conversations fell silent with it, and is told himself."""
        asker = self._asker(key)
        return asker is not None and asker.last <= rhythm.last + rhythm.every

    def _asker(self, key: Key) -> _Pair | None:
        speaker, hearer, port, server = key
        return self._known.get((hearer, speaker, port, False)) if server else None

    def _partner(self, pair: _Pair, rhythm: Rhythm, time: int, kinds: str) -> Fact:
        """It is still there: whoever it speaks to is not."""
        return self._told(
            rhythm, time, victim=str(pair.hearer), peer=pair.speaker, confidence=Confidence.LIKELY,
            detail=f"{pair.speaker} goes on calling it and gets no answer ({kinds})",
            explained_by=("it was restarted or switched off", "the network between them failed"),
        )  # fmt: skip

    def _whole(self, key: Key, pair: _Pair, rhythm: Rhythm, time: int, kinds: str, *, alone: bool) -> Fact:
        """Nothing more comes from it; what the others do says how sure that is."""
        why = ["it was switched off, moved or disconnected", "the network between it and the place of capture failed"]
        if alone:
            why.insert(0, "nobody else is heard either: the tap, the mirror port or whoever captures may have stopped")
        if self._others_with(pair, rhythm) >= _TALK:
            why.insert(0, "others fell silent with it: a shared part of the network, or all were stopped")
        called = pair.side is Side.SERVER and (pair.sought > rhythm.last or self._asker(key) is not None)
        confidence = Confidence.WEAK if not called and self._still_there(pair, rhythm) else Confidence.LIKELY
        return self._silence(pair, rhythm, time, kinds + "; it is called and does not answer" * called, confidence, tuple(why))

    def _still_there(self, pair: _Pair, rhythm: Rhythm) -> bool:
        """Whether it goes on speaking to somebody else: then it may just have nothing to report."""
        others = (one for table in (self._known, self._strangers) for one in table.values())
        return any(one.speaker == pair.speaker and one is not pair and one.last > rhythm.last + 2 * rhythm.every for one in others)

    def _others_with(self, pair: _Pair, rhythm: Rhythm) -> int:
        """How many other speakers fell silent about when it did."""
        near = max(rhythm.every, 5 * SECOND)
        return len({one.speaker for one in self._known.values() if one.speaker != pair.speaker and abs(one.last - rhythm.last) <= near})

    def _silence(self, pair: _Pair, rhythm: Rhythm, time: int, kinds: str, confidence: Confidence, why: tuple[str, ...]) -> Fact:
        kinds, _, called = kinds.partition("; ")
        broken = ["its connection was broken off"] if pair.ended is Closing.RESET else []
        detail = [
            f"{kinds} came every {max(1, round(rhythm.every / SECOND))} s ({rhythm.count} times), then no more",
            *broken,
            *filter(None, [called]),
        ]
        return self._told(
            rhythm, time, victim=f"{pair.speaker} {_device_in(kinds)}".strip(), peer=str(pair.hearer),
            detail="; ".join(detail), confidence=confidence, explained_by=why,
        )  # fmt: skip

    def _told(
        self, rhythm: Rhythm, time: int, *, victim: str, peer: str, detail: str, confidence: Confidence, explained_by: tuple[str, ...]
    ) -> Disturbance:
        return Disturbance(
            self._means.place(rhythm.last_packet), "silence", victim, peer, detail, (time - rhythm.last_time) // SECOND, explained_by, confidence
        )

    def _paused(self, packet: int, seconds: int) -> Fact:
        detail = "nobody at all was heard: whoever fell silent in that time cannot be told"
        return Disturbance(
            self._means.place(packet), "silence", "", "", detail, seconds, ("the capture paused", "the network failed"), Confidence.WEAK
        )

    def finish(self, packet: int, _time: int) -> Iterator[Fact]:
        """That a capture ends is nobody's silence; that some were not watched has to be said."""
        if self._not_watched:
            detail = f"more regular speakers than are kept apart ({_MOST_PAIRS}): {self._not_watched} times one was not watched"
            yield Disturbance(self._means.place(packet), "silence", "", "", detail, 0, ("a crowded network",), Confidence.WEAK)


def _keys(talk: Conversation) -> tuple[Key, Key]:
    """The pairs of a conversation by side: speaker, hearer, the service's port, whether the speaker is the server."""
    client, server = talk.client.address, talk.server
    return (client, server.address, server.port, False), (server.address, client, server.port, True)


def _device(message: Message) -> str:
    """Which device a gateway speaks for: the first equipment instance (OBX-18), which is no patient's."""
    found = (segment.text(18) or segment.text(18, 3) for segment in message.all("OBX")[:_FEW_OBX])
    return next((name for name in found if name.isprintable() and name), "")[:64]


def _device_in(kind: str) -> str:
    """The device that an HL7 kind names; several kinds name none."""
    return kind.split(" ", 2)[2] if kind.startswith("HL7") and kind.count(" ") > 1 and ", " not in kind else ""
