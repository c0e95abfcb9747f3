"""The same order sent again after it had been accepted.

Sending again under the same control id is right while no acknowledgement came (HL7 v2.6, 2.9.2), and at another place it is only the next step of
its way. Two further forms: a copy that reaches a new place long after and from a stranger, and an old order under a new control id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from asepsis.evidence.wire.observers.orders.check import MINUTE, SECOND, Course, Recent, Remark, Said, Ward
from asepsis.evidence.wire.packet import Endpoint
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence
from asepsis.model.infusion import lasts
from asepsis.model.prescription import Prescription, differences

CROSSING = 2 * SECOND
"""An acknowledgement and a second sending may cross on their way for so long [P]."""
PATIENCE = 2 * MINUTE
"""So long a programmer may go on asking for the application's answer that MSH-16 promises, though the message was accepted [P]."""
NOT_CAPTURED = MINUTE
"""Without any acknowledgement in the whole capture, a second sending later than this cannot be told from a patient retry [P]."""
MOSTLY = Fraction(9, 10)
"""A bag is changed when so much of it is given [P]."""
MOST_SENT = 15
"""Orders under one control id that an answer may be to."""


@dataclass(slots=True)
class _Sent:
    said: Said
    order: Prescription
    accepted: int | None = None
    refused: bool = False
    answered: bool = False


class Replayed:
    """See the module."""

    def __init__(self) -> None:
        """Nothing was sent."""
        self._sent: Recent[tuple[Endpoint, str, str, str], _Sent] = Recent()
        self._orders: Recent[tuple[Endpoint, str, str], _Sent] = Recent()
        self._by_control_id: Recent[str, list[_Sent]] = Recent()
        self._by_conversation: Recent[int, _Sent] = Recent()
        self._answering: Recent[Endpoint, bool] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """Answers settle what was sent; an order is looked for among what was sent before."""
        if said.answer is not None:
            self._answered(said)
        for order in said.orders:
            yield from self._order(said, order, ward)

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise."""
        return iter(())

    def _answered(self, said: Said) -> None:
        self._answering.put(said.speaker, True)
        if said.answer is None:
            return
        here = self._by_conversation.get(said.conversation)
        if here is not None and said.answer.to in ("", here.said.control_id):
            _settle(here, said)
            return
        for sent in self._by_control_id.get(said.answer.to) or []:
            if said.speaker.address == sent.said.hearer.address:
                _settle(sent, said)

    def _order(self, said: Said, order: Prescription, ward: Ward) -> Iterator[Remark]:
        key = (said.hearer, said.sender, said.control_id, f"{said.made} {order.order}")
        again = (said.hearer, order.order, order.action)
        known, before = self._sent.get(key), self._orders.get(again)
        if known is not None:
            remark = self._same_message(known, said, order, ward)
        else:
            remark = _same_order(before, said, order, ward) if before and order.order else None
        if remark is not None:
            yield remark
        sent = known if known is not None and not known.refused else _Sent(said, order)
        if sent is not known:
            self._sent.put(key, sent)
            self._orders.put(again, sent)
            self._by_control_id.put(said.control_id, [*(self._by_control_id.get(said.control_id) or [])[-MOST_SENT:], sent])
        self._by_conversation.put(said.conversation, sent)

    def _same_message(self, known: _Sent, said: Said, order: Prescription, ward: Ward) -> Remark | None:
        if known.refused or differences(known.order, order, rounding=ward.doses.rounding):
            return None
        gap = said.time - known.said.time
        if known.accepted is None:
            silent = self._answering.get(said.hearer) is None
            why = ("no acknowledgement of anything is in the capture: whether the first was accepted is not known",)
            return _remark(None, known.said, said, order, why) if silent and gap > NOT_CAPTURED else None
        if said.time - known.accepted < CROSSING:
            return None
        same_host = known.said.speaker.address == said.speaker.address
        waiting = same_host and said.application_answer == "AL" and not known.answered and gap < PATIENCE
        shown: tuple[str, ...] = (f"the same message was accepted {(said.time - known.accepted) // SECOND} s before, and sent again",)
        shown += () if same_host else (f"first by {known.said.speaker.address}, then by {said.speaker.address}",)
        if waiting:
            return _remark(None, known.said, said, order, ("accepted and sent again while the pump's own answer was still out",))
        sure = Confidence.LIKELY if same_host and gap < PATIENCE else Confidence.CONFIRMED
        return _remark(sure, known.said, said, order, shown)


def _settle(sent: _Sent, said: Said) -> None:
    answer = said.answer
    if answer is not None:
        sent.accepted = sent.accepted or (said.time if answer.positive else None)
        sent.refused |= not answer.positive
        sent.answered |= said.kind[0] == "RRG"


def _same_order(before: _Sent, said: Said, order: Prescription, ward: Ward) -> Remark | None:
    """A new bag (RE) or a bolus (CH) with an order id that was carried out already; a rate (XO) may well come back."""
    course: Course | None = ward.course_of(before.said.control_id, "")
    if order.action == "XO" or before.accepted is None or before.refused or differences(before.order, order, rounding=ward.doses.rounding):
        return None
    if said.time - before.accepted < CROSSING:
        return None
    copied = bool(said.made) and said.made == before.said.made
    stranger = said.speaker.address != before.said.speaker.address
    used = course is not None and (course.obeyed is not None or course.confirmed is not None) and not course.stopped
    if not (copied or stranger or used):
        why = ("an order id that was accepted before comes again under a new control id; whether the first was ever carried out was not seen",)
        return _remark(None, before.said, said, order, why)
    if not copied and not stranger and ((course is not None and course.stopped) or _used_up(before, said, order)):
        return None
    shown: tuple[str, ...] = ("an order that was accepted before comes again under a new control id, as new",)
    shown += ("with the old message's own time",) if copied else ()
    shown += (f"first by {before.said.speaker.address}, then by {said.speaker.address}",) if stranger else ()
    return _remark(Confidence.LIKELY, before.said, said, order, shown)


def _used_up(before: _Sent, said: Said, order: Prescription) -> bool:
    """Whether the first bag must be empty by now, so that the same order means the next one."""
    hours = lasts(order)
    return hours is not None and order.action == "RE" and said.time - (before.accepted or said.time) >= hours * MOSTLY * 60 * MINUTE


def _remark(sure: Confidence | None, first: Said, said: Said, order: Prescription, shown: tuple[str, ...]) -> Remark:
    unless = ("a programmer that repeats what it believes lost",)
    return Remark(Sign.REPLAYED, sure, order.order or said.control_id, (said.packet, first.packet), shown, unless if sure else ())
