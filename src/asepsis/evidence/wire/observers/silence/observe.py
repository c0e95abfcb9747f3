"""Who spoke regularly and fell silent: reports of HL7, associations of DICOM, connections, and data that nobody here understands.

For each pair of speaker and hearer the rhythm of each kind of message is learned. What is missing for much longer than ever before is told, unless
the device said goodbye, or it goes on calling a partner who no longer answers: then that one is silent. Where nearly all fall silent together, that
is told once, since what they share is the likelier cause. In a file a time in which nobody at all was heard is a pause of the capture; in live
traffic it is told while it lasts. A capture that ends tells nothing of anybody.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from asepsis.evidence.protocols.hl7 import heard
from asepsis.evidence.wire.events import Closed, DicomAssociation, Event, Hl7Said, Named, Opened, SoapSaid
from asepsis.evidence.wire.habits import SECOND, Listening, Rhythm
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.observers.silence.pairs import MOST_PAIRS, MOST_REMEMBERED, TALK, Key, Lessons, Pair, Pairs, keys
from asepsis.evidence.wire.observers.silence.parting import STANDBY, STOPPED, device, device_in, parting
from asepsis.evidence.wire.observers.silence.telling import STOPPED_BEFORE, Around, Telling
from asepsis.evidence.wire.packet import Closing, Conversation, Side
from asepsis.model.facts import Confidence, Disturbance, Fact

_MOST_SAMPLED = 1024
_ACKNOWLEDGEMENTS = frozenset({"ACK", "MCF", "RRG", ""})
"""They follow somebody else's rhythm."""
_SPOKEN = frozenset({"hl7", "dicom"})
"""Protocols whose messages are heard one by one."""
_LONG_PAUSE = 60 * SECOND
_TOGETHER, _NEARLY_ALL = 3, 0.8
"""So many speakers, and such a share of them, fall silent together rather than each for itself [P]."""


class SilencesObserver:
    """One fact for each silence, when it has become one."""

    info = ObserverInfo("silences", "Devices that fell silent", (Disturbance,))

    def __init__(self, means: Means) -> None:
        """Nobody spoke yet."""
        self._means, self._telling, self._clock, self._pairs = means, Telling(means), Listening(), Pairs(means.thresholds)
        self._sampled: OrderedDict[int, tuple[Conversation, list[int]]] = OrderedDict()
        """Conversations that are looked at once a second: how much each side had said, the last packet."""
        self._farewells: OrderedDict[str, int] = OrderedDict()
        self._packet, self._heard, self._told_alone, self._unwatched = -1, 0, False, 0
        self._together: set[Key] = set()
        """Pairs of which it was told that they fell silent together."""

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in who speaks, who leaves, who is called in vain."""
        match event:
            case Hl7Said():
                self._hl7(event)
            case DicomAssociation(kind="request"):
                self._take(event.conversation, event.side, "DICOM association", event.packet, event.time)
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
        message = heard(event.message)
        if message is None:
            return
        code, trigger = message.kind
        if code not in _ACKNOWLEDGEMENTS:
            kind = " ".join(filter(None, (f"HL7 {code}^{trigger}", device(message))))
            pair = self._take(event.conversation, event.side, kind, event.packet, event.time)
            if kind in pair.rhythms:
                pair.said[kind] = parting(message, event.message)

    def _opened(self, event: Opened) -> None:
        talk = event.conversation
        if not event.answered:
            for key in keys(talk):
                if pair := self._pairs.known.get(key):
                    pair.sought = self._clock.at(event.time) - max(0, event.time - talk.first_time)
            return
        if talk.transport == "tcp":
            self._take(talk, Side.CLIENT, "connection", event.packet, event.time)
        self._sampled[talk.number] = (talk, [0, 0, 0])
        if len(self._sampled) > _MOST_SAMPLED:
            self._sampled.popitem(last=False)

    def _closed(self, event: Closed) -> None:
        talk = event.conversation
        self._sampled.pop(talk.number, None)
        for key in keys(talk):
            pair = self._pairs.known.get(key)
            if pair and pair.talk is talk:
                pair.ended = event.how
                if event.how is Closing.FINISHED and (pair.in_talk >= TALK or pair.parting() <= {STANDBY, STOPPED}):
                    pair.left = self._clock.at(event.time)

    def _farewell(self, address: str, time: int) -> None:
        self._farewells[address] = self._clock.at(time)
        if len(self._farewells) > MOST_PAIRS:
            self._farewells.popitem(last=False)

    def _sample(self) -> None:
        """Who sent something since the last look, in conversations whose messages nobody tells one by one."""
        for talk, before in self._sampled.values():
            if talk.last_packet != before[2] and talk.protocol not in _SPOKEN:
                for side in Side:
                    if talk.payload[side] > before[side]:
                        self._take(talk, side, "data", talk.last_packet, talk.last_time)
                before[:] = *talk.payload, talk.last_packet

    def _take(self, talk: Conversation, side: Side, kind: str, packet: int, time: int) -> Pair:
        now, key = self._clock.at(time), keys(talk)[side]
        pair = self._pairs.of(key, talk, side)
        if key in self._together:
            self._heard_again(now)
        if talk is not pair.talk:
            pair.talk, pair.in_talk = talk, 0
        pair.in_talk, pair.ended, pair.left = pair.in_talk + (kind != "connection"), None, -1
        pair.sent = talk.packets[side], talk.packets[side.other]
        self._pairs.beat(key, pair, kind, now, time, packet)
        return pair

    def _heard_again(self, now: int) -> None:
        """One of those is back, so what they share is: the others are awaited from now on."""
        for pair in (self._pairs.known[key] for key in self._together if key in self._pairs.known):
            for one in pair.rhythms.values():
                if one.due:
                    one.await_anew(now)
            pair.look_again()
        self._together.clear()

    # ----- what is missing

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """What has been missing for too long. That the packet is still the last one says that nobody at all was heard since."""
        alone, known = packet == self._packet, self._pairs.known
        if alone:
            now = self._clock.now + max(0, time - self._heard)
        else:
            self._packet, self._heard = packet, time
            now = self._clock.at(time)
            if self._clock.paused > _LONG_PAUSE and known and not self._told_alone:
                yield self._telling.paused(packet, self._clock.paused // SECOND)
            self._told_alone = False
        self._sample()
        if any(pair.due < now for pair in known.values()):
            for fact in self._missing(packet, now, time, alone=alone):
                self._told_alone = alone
                yield fact

    def _missing(self, packet: int, now: int, time: int, *, alone: bool) -> Iterator[Fact]:
        """Somebody is overdue: told for all together, or for each."""
        silent, heard = self._silent(now)
        if len(silent) >= (2 if alone else _TOGETHER) and len(silent) >= _NEARLY_ALL * (len(silent) + len(heard)):
            yield self._telling.all(packet, silent, len(heard), (time - self._fall_silent(silent)) // SECOND)
        for key, pair in self._pairs.known.items():
            if pair.due < now:
                missing = [(kind, one) for kind, one in pair.rhythms.items() if 0 < one.due < now and not one.told]
                if missing:
                    yield from self._judge(key, pair, missing, time, alone=alone)
                pair.look_again()

    def _silent(self, now: int) -> tuple[set[str], set[str]]:
        """Regular speakers whose every rhythm lacks at least one message now and of whom nothing was told yet, and those who are heard."""
        heard: set[str] = set()
        silent: set[str] = set()
        for key, pair in self._pairs.known.items():
            rhythms = [one for one in pair.rhythms.values() if one.due and not one.told]
            late = all(now - one.last > 2 * one.every for one in rhythms)
            if rhythms and not (late and (self._said_goodbye(pair, max(rhythms, key=_last)) or self._in_other_guise(key, pair))):
                (silent if late else heard).add(pair.speaker)
        return silent - heard, heard

    def _fall_silent(self, speakers: set[str]) -> int:
        """It is told of them together; when the last of them was heard last, by the capture's clock."""
        last = 0
        for key, pair in self._pairs.known.items():
            if pair.speaker in speakers:
                self._together.add(key)
                for one in pair.rhythms.values():
                    one.told, last = True, max(last, one.last_time)
                pair.look_again()
        return last

    def _judge(self, key: Key, pair: Pair, missing: list[tuple[str, Rhythm]], time: int, *, alone: bool) -> Iterator[Fact]:
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
            yield self._telling.partner(pair, first, time, kinds)
        elif not (self._said_goodbye(pair, first) or self._follows(key, first) or self._in_other_guise(key, pair)):
            yield self._telling.whole(pair, first, time, kinds, self._around(key, pair, first, alone=alone))

    def _around(self, key: Key, pair: Pair, rhythm: Rhythm, *, alone: bool) -> Around:
        return Around(
            called=pair.side is Side.SERVER and (pair.sought > rhythm.last or self._asker(key) is not None),
            alone=alone,
            together=self._others_with(pair, rhythm) >= _TOGETHER,
            stopped=STOPPED in (words := pair.parting()) and words <= {STANDBY, STOPPED},
            still_there=self._still_there(pair, rhythm),
            unwatched=self._unwatched // SECOND if rhythm.awaited and self._unwatched > max(2 * rhythm.every, _LONG_PAUSE) else 0,
        )

    def _parts(self, pair: Pair, missing: list[tuple[str, Rhythm]], time: int) -> Iterator[Fact]:
        """Some messages go on: whoever speaks for several devices lost one of them. A device that stops one of its kinds of message may mean to."""
        heard = any(kind.startswith("HL7") and not one.awaited for kind, one in pair.rhythms.items())
        for kind, one in missing:
            name = device_in(kind)
            gone = name and all(other.last <= one.last + one.every for other_kind, other in pair.rhythms.items() if device_in(other_kind) == name)
            # After a restart a conversation may be joined where nobody can tell its messages any more: then they are not missing.
            if kind.startswith("HL7") and pair.said.get(kind) != STANDBY and (heard or not one.awaited):
                why = "the device behind it was switched off or disconnected" if gone else "it has nothing to report any more"
                stopped = pair.said.get(kind) == STOPPED
                sure = Confidence.LIKELY if gone and not stopped else Confidence.WEAK
                yield self._telling.silence(pair, one, time, kind, sure, tuple(filter(None, (STOPPED_BEFORE * stopped, why))))

    # ----- why it may be missing

    def _said_goodbye(self, pair: Pair, rhythm: Rhythm) -> bool:
        """It announced its standby; or its connection was closed as it should or it left the network, before the next message was awaited."""
        if pair.parting() == {STANDBY}:
            return True
        left = max(pair.left, self._farewells.get(pair.speaker, -1))
        return rhythm.last <= left <= rhythm.last + max(rhythm.every, 2 * _LONG_PAUSE)

    def _in_other_guise(self, key: Key, pair: Pair) -> bool:
        """Known from an earlier watch and not heard, but somebody with its address speaks to the same: the two ends were taken for one another."""
        if key not in self._pairs.recalled:
            return False
        return any(one.speaker == pair.speaker and one.hearer.address == pair.hearer.address for one in self._pairs.strangers.values()) or any(
            one.speaker == pair.speaker and one.hearer.address == pair.hearer.address and other not in self._pairs.recalled
            for other, one in self._pairs.known.items()
        )

    def _follows(self, key: Key, rhythm: Rhythm) -> bool:
        """Whether it only answers: whoever opens the conversations fell silent with it, and is told himself."""
        asker = self._asker(key)
        return asker is not None and asker.last <= rhythm.last + rhythm.every

    def _asker(self, key: Key) -> Pair | None:
        speaker, hearer, port, server = key
        return self._pairs.known.get((hearer, speaker, port, False)) if server else None

    def _still_there(self, pair: Pair, rhythm: Rhythm) -> bool:
        """Whether it goes on speaking to somebody else: then it may just have nothing to report."""
        return any(one.speaker == pair.speaker and one is not pair and one.last > rhythm.last + 2 * rhythm.every for one in self._pairs.all())

    def _others_with(self, pair: Pair, rhythm: Rhythm) -> int:
        """How many other speakers fell silent about when it did."""
        near = max(rhythm.every, 5 * SECOND)
        return len({one.speaker for one in self._pairs.known.values() if one.speaker != pair.speaker and abs(one.last - rhythm.last) <= near})

    def finish(self, packet: int, _time: int) -> Iterator[Fact]:
        """That a capture ends is nobody's silence; that some were not watched has to be said."""
        if self._pairs.left_out:
            yield self._telling.crowded(packet, self._pairs.left_out)

    # ----- over a restart

    def remember(self) -> bytes:
        """Whose rhythms are known."""
        lessons, beyond = self._pairs.lessons(lambda pair: self._said_goodbye(pair, max(pair.rhythms.values(), key=_last)))
        if beyond:
            self._means.full(f"rhythms: more than {MOST_REMEMBERED} are not remembered over a restart")
        return msgspec.json.encode(lessons)

    def recall(self, learned: bytes, unwatched: int) -> None:
        """All of them are awaited from now on."""
        self._pairs.recall(msgspec.json.decode(learned, type=Lessons))
        self._unwatched = unwatched


def _last(rhythm: Rhythm) -> int:
    return rhythm.last
