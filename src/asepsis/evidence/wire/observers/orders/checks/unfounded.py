"""Orders that change what is not there: a rate (XO) or a bolus (CH) for a pump that runs nothing, or on a parent order that is not this pump's.

IHE PIV lets both only be given on a running infusion. Capture and infusion begin at different times, so that what was not seen shows little: it is a
sign only where the pump itself reported that it has no programme, or runs another order, and then carried out the change all the same. A pump that is
merely paused has a programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.observers.orders.check import Course, Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence
from asepsis.model.infusion import Report
from asepsis.model.prescription import Prescription

_CHANGES = {"XO": "a change of rate", "CH": "a bolus"}
BEFORE = "the infusion was begun by an order before the capture, or at the pump itself"
MOST_ORDERS = 64
"""Orders of one pump that are remembered as its own."""


@dataclass(frozen=True, slots=True)
class _Open:
    said: Said
    order: Prescription
    shown: str


class Unfounded:
    """See the module."""

    def __init__(self) -> None:
        """Nothing is known of any pump."""
        self._ours: Recent[str, dict[str, None]] = Recent()
        self._open: Recent[tuple[str, str, str], _Open] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """Orders are judged by what the pump said before."""
        for order in said.orders:
            self._order(said, order, ward)
        for one in ward.followed:
            course = one.course
            if course is not None and one.fits and course.obeyed_packet == said.packet:
                yield from self._carried_out(course, said)

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, ward: Ward) -> Iterator[Remark]:
        """What was neither refused nor seen to be carried out."""
        for one in self._open.values():
            course = ward.course_of(one.said.control_id, one.order.order)
            if course is None or course.refused is None:
                why = (f"{one.shown}; it was not seen whether the pump took it",)
                yield Remark(Sign.UNFOUNDED, None, one.order.order or one.said.control_id, (one.said.packet,), why)

    def _order(self, said: Said, order: Prescription, ward: Ward) -> None:
        pump = order.pump[0].lower() if order.pump else ""
        ours = self._ours.get(pump) or {}
        shown = self._without(order, pump, ours, ward) if order.action in _CHANGES and pump else ""
        key = (pump, order.order, said.made)
        if shown and order.order not in ours:
            self._open.put(key, _Open(said, order, shown))
            return
        known = [name for name in (order.order, order.parent) if name]
        self._ours.put(pump, dict.fromkeys([*ours, *known][-MOST_ORDERS:]))

    def _without(self, order: Prescription, pump: str, ours: dict[str, None], ward: Ward) -> str:
        """Why there is nothing that it could change; empty if there may be."""
        what = _CHANGES[order.action]
        if order.parent and ours and order.parent not in ours:
            return f"{what} on order {order.parent}, which is none of the orders that were seen for this pump"
        known = ward.course_of("", order.parent) if order.parent else None
        if known is not None and known.order.pump and pump not in [name.lower() for name in known.order.pump]:
            return f"{what} on order {order.parent}, which was for another pump"
        running = ward.report_of(pump)
        if running is not None and not ours and running.delivering is False and not _has_programme(running):
            return f"{what} for a pump that had reported that it stands still, with nothing left to give"
        return ""

    def _carried_out(self, course: Course, said: Said) -> Iterator[Remark]:
        pump = course.order.pump[0].lower() if course.order.pump else ""
        key = (pump, course.order.order, course.said.made)
        one = self._open.get(key)
        if one is not None:
            self._open.drop(key)
            shown = (one.shown, "the pump took it, and gives it")
            yield Remark(Sign.UNFOUNDED, Confidence.LIKELY, course.name, (said.packet, course.said.packet), shown, (BEFORE,), obeyed=True)


def _has_programme(report: Report) -> bool:
    """Whether something is left to give: then it is only paused."""
    left = report.remaining or report.said.vtbi
    return bool(report.said.drug) or (left is not None and left.value > 0)
