"""A pump that gives what was ordered before, or without, the confirmation at the bedside; or although its side refused the order.

PIV lets the nurse confirm at the pump before anything starts; RRG^O16 (or a positive application acknowledgement on a conversation of its own) says
so to the programmer, if MSH-16 asks for it: AL always, ER only on errors, so that with ER its absence shows nothing unless this side otherwise
answers good orders too. A start event that names an operator is a confirmation as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.observers.orders.check import EVER, SECOND, Course, Followed, Recent, Remark, Said, Ward
from asepsis.evidence.wire.packet import Endpoint
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import Rounding
from asepsis.model.fact import Confidence
from asepsis.model.infusion import compare

CROSSING = 2 * SECOND
"""Report and answer travel on two conversations and may overtake one another for so long [P]."""
SILENT_SIDE = 3
"""Orders carried out without any answer in the capture after which the answers are taken to run where nobody captured [P]."""


@dataclass(slots=True)
class _Carried:
    course: Course
    said: Said


class Confirmed:
    """See the module."""

    def __init__(self) -> None:
        """Nothing was carried out."""
        self._carried: Recent[int, _Carried] = Recent()
        self._answers: Recent[str, int] = Recent()
        self._unanswered: Recent[Endpoint, int] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """Answers of the pumps' side, and reports."""
        if said.kind[0] == "RRG" and said.answer is not None and said.answer.positive:
            self._answers.put(said.speaker.address, 1)
            yield from self._late(said)
        for one in ward.followed:
            yield from self._followed(one, said, ward)

    def pass_time(self, time: int, ward: Ward) -> Iterator[Remark]:
        """Orders carried out whose confirmation has not come for long."""
        yield from self._ripe(time - ward.doses.time("bedside_minutes"))

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise, of all."""
        yield from self._ripe(EVER)

    def _followed(self, one: Followed, said: Said, ward: Ward) -> Iterator[Remark]:
        course = one.course
        if (
            course is None
            or not one.fits
            or one.report.delivering is False
            or course.obeyed_packet != said.packet
            or not _has_changed(one, course, ward.doses.rounding)
        ):
            return
        if course.refused is not None and course.confirmed is None:
            shown = ("the order was refused, and yet the pump then gave what it says",)
            unless = ("somebody programmed the same at the pump by hand",)
            yield Remark(Sign.REFUSED, Confidence.LIKELY, course.name, (said.packet, course.said.packet), shown, unless, obeyed=True)
        elif course.confirmed is None and not course.started_by_hand:
            self._carried.put(id(course), _Carried(course, said))

    def _late(self, said: Said) -> Iterator[Remark]:
        """An answer that comes after the pump has long given what was ordered."""
        for key, one in self._carried.items():
            if one.course.confirmed != said.time:
                continue
            self._carried.drop(key)
            if said.time - one.said.time > CROSSING:
                seconds = (said.time - one.said.time) // SECOND
                yield _remark(one, f"the pump gave what was ordered {seconds} s before its side confirmed it", said.packet)

    def _ripe(self, until: int) -> Iterator[Remark]:
        for key, one in self._carried.items():
            course = one.course
            if one.said.time > until:
                continue
            self._carried.drop(key)
            if course.confirmed is not None or course.started_by_hand:
                continue
            promised = course.said.application_answer == "AL" and not course.answered
            count = (self._unanswered.get(course.said.hearer) or 0) + 1
            self._unanswered.put(course.said.hearer, count)
            answers = self._answers.get(course.said.hearer.address) is not None
            if answers or (promised and count < SILENT_SIDE):
                yield _remark(
                    one, "the pump gave what was ordered, and no confirmation of it was seen" + (", though one was asked for" if promised else "")
                )


def _has_changed(one: Followed, course: Course, rounding: Rounding) -> bool:
    """Whether the pump gave something else before: what it gave already needed no confirmation."""
    return one.before is None or one.before.delivering is False or bool(compare(course.order, one.before, rounding)[0])


def _remark(one: _Carried, shown: str, *packets: int) -> Remark:
    unless = ("the confirmation went a way that was not captured", "somebody programmed the same at the pump by hand")
    where = (one.said.packet, one.course.said.packet, *packets)
    return Remark(Sign.UNCONFIRMED, Confidence.LIKELY, one.course.name, where, (shown,), unless, obeyed=True)
