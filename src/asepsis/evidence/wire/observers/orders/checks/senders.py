"""An order for a pump from somebody who has not programmed it before and was never seen in the site's traffic.

The first order for a pump shows its programmer; a second programmer is no stranger if its address and application take part otherwise: pumps' sides
open conversations to it (they know it by their configuration), it reports or answers. That an order is merely acknowledged shows nothing: MLLP
believes everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import msgspec

from asepsis.evidence.wire.observers.orders.check import EVER, MINUTE, REMEMBERED, Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence
from asepsis.model.prescription import Prescription

WAIT = MINUTE
"""So long a new programmer may take to be spoken to by the pumps' side [P]."""
MOST_PROGRAMMERS = 16


Text = Annotated[str, msgspec.Meta(max_length=1000)]
Names = Annotated[list[Text], msgspec.Meta(max_length=REMEMBERED)]


class Lesson(msgspec.Struct, frozen=True):
    """Who takes part and who programmes which pump and confirms for which side, as it is remembered over a restart.

    ``told`` are strangers of whom it was told.
    """

    addresses: Names
    applications: Names
    programmers: Annotated[dict[Text, list[tuple[Text, Text]]], msgspec.Meta(max_length=REMEMBERED)]
    told: Annotated[list[tuple[Text, Text, Text]], msgspec.Meta(max_length=REMEMBERED)]
    confirming: Annotated[dict[Text, list[Text]], msgspec.Meta(max_length=REMEMBERED)]


@dataclass(slots=True)
class _New:
    said: Said
    name: str
    usual: tuple[str, ...]


class Senders:
    """See the module."""

    def __init__(self) -> None:
        """Nobody is known."""
        self._addresses: Recent[str, bool] = Recent()
        self._applications: Recent[str, bool] = Recent()
        self._programmers: Recent[str, list[tuple[str, str]]] = Recent()
        self._new: Recent[tuple[str, str, str], _New] = Recent()
        self._told: Recent[tuple[str, str, str], bool] = Recent()
        self._messages: Recent[tuple[str, str, str, str], tuple[Said, Prescription]] = Recent()
        self._confirming: Recent[str, list[str]] = Recent()
        self._firsts, self._who = 0, dict[str, str]()
        self._first_packet = 0

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """Orders are judged before their message teaches anything."""
        for order in said.orders:
            if self._relayed(said, order):
                continue
            self._order(said, order.order or said.control_id, order.pump[0].lower() if order.pump else str(said.hearer))
        if said.kind[0] == "RRG" and said.answer is not None and said.answer.positive:
            yield from self._answer(said, said.answer.to, ward)
        self._learn(said)

    def pass_time(self, time: int, _ward: Ward) -> Iterator[Remark]:
        """New programmers to whom nobody spoke."""
        yield from self._ripe(time - WAIT)

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise; and that of first orders nothing can be said."""
        yield from self._ripe(EVER)
        if self._firsts:
            pumps = "one pump" if self._firsts == 1 else f"{self._firsts} pumps"
            named = [f"{address} as {sender or 'nobody'}" for address, sender in self._who.items()][:MOST_PROGRAMMERS]
            why = (f"the first order that the capture holds for {pumps} came from {', '.join(named)}, and nothing in it says whether they may",)
            yield Remark(Sign.STRANGER, None, "", (self._first_packet,), why)

    def _answer(self, said: Said, to: str, ward: Ward) -> Iterator[Remark]:
        """A confirmation from a host that is none of the pumps' side, where others have confirmed for that side before."""
        course = ward.course_of(to, "")
        side, who = str(course.said.hearer) if course else "", said.speaker.address
        known = self._confirming.get(side) or []
        if course is None or who in known or who == course.said.hearer.address:
            known = known or [who]
        elif known and self._addresses.get(who) is None:
            shown = (f"the confirmation at the bedside was sent by {who}; until now it came from {', '.join(known)}",)
            yield Remark(
                Sign.STRANGER, Confidence.LIKELY, course.name, (said.packet, course.said.packet), shown, ("a second node of the pumps' gateway",)
            )
        self._confirming.put(side, [*known[-MOST_PROGRAMMERS:], *({who} - set(known))])

    def remember(self) -> bytes:
        """Who is known."""
        addresses, applications = ([name for name, _ in table.items()] for table in (self._addresses, self._applications))
        told = [stranger for stranger, _ in self._told.items()]
        return msgspec.json.encode(Lesson(addresses, applications, dict(self._programmers.items()), told, dict(self._confirming.items())))

    def recall(self, learned: bytes) -> None:
        """They are known again."""
        lesson = msgspec.json.decode(learned, type=Lesson)
        for address in lesson.addresses:
            self._addresses.put(address, True)
        for application in lesson.applications:
            self._applications.put(application, True)
        for pump, programmers in lesson.programmers.items():
            self._programmers.put(pump, programmers[-MOST_PROGRAMMERS:])
        for side, confirming in lesson.confirming.items():
            self._confirming.put(side, confirming[-MOST_PROGRAMMERS:])
        for stranger in lesson.told:
            self._told.put(stranger, True)

    def _relayed(self, said: Said, order: Prescription) -> bool:
        """The very message that somebody known sent just before, under another address: a relay, or a network that translates addresses."""
        key = (said.sender, said.control_id, said.made, order.order)
        first = self._messages.get(key)
        if first is None:
            self._messages.put(key, (said, order))
        return first is not None and said.time - first[0].time < WAIT and first[1] == order

    def _order(self, said: Said, name: str, pump: str) -> None:
        who = (said.speaker.address, said.sender)
        known = self._programmers.get(pump)
        if known is None:
            self._firsts += 1
            self._first_packet = self._first_packet or said.packet
            self._programmers.put(pump, [who])
            if len(self._who) < MOST_PROGRAMMERS:
                self._who.setdefault(*who)
            self._addresses.put(who[0], True)
            self._applications.put(who[1], True)
        elif who in known:
            return
        elif self._takes_part(who):
            self._programmers.put(pump, [*known[-MOST_PROGRAMMERS:], who])
        elif self._new.get((pump, *who)) is None and self._told.get((pump, *who)) is None:
            self._new.put((pump, *who), _New(said, name, tuple(f"{address} as {sender or 'nobody'}" for address, sender in known)))

    def _takes_part(self, who: tuple[str, str]) -> bool:
        return self._addresses.get(who[0]) is not None and self._applications.get(who[1]) is not None

    def _learn(self, said: Said) -> None:
        if said.reports or said.alarm or (said.answer is not None and not said.orders):
            self._addresses.put(said.speaker.address, True)
            self._applications.put(said.sender, True)
        if said.by_client:
            self._addresses.put(said.hearer.address, True)
            self._applications.put(said.receiver, True)

    def _ripe(self, until: int) -> Iterator[Remark]:
        for key, one in self._new.items():
            if one.said.time > until:
                continue
            self._new.drop(key)
            self._told.put(key, True)
            if not self._takes_part(key[1:]):
                shown = (f"sent by {one.said.speaker.address} as {one.said.sender or 'nobody'}; this pump was programmed by {', '.join(one.usual)}",)
                unless = ("a new gateway, or one that took over with another address",)
                yield Remark(Sign.STRANGER, Confidence.LIKELY, one.name, (one.said.packet,), shown, unless)
