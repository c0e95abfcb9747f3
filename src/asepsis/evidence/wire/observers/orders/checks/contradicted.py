"""An order, and a pump that then reports something else: another rate, dose, volume, drug, patient or pump.

A report contradicts at once where the pump says that it follows this order (it names the order, its side had confirmed it, or it reports the start),
or where it has changed, after the order, to something that is neither what it gave before nor what was ordered. Else the pump may not have been
confirmed yet: that waits for later reports. Once an order was carried out, other settings are no contradiction any more (see :mod:`.unordered`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.observers.orders.check import EVER, MINUTE, Course, Followed, Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import Rounding
from asepsis.model.fact import Confidence
from asepsis.model.infusion import STOPS, compare
from asepsis.model.prescription import Prescription, differences

AT_THE_BEDSIDE = "somebody changed the programme at the pump before starting it"
NOT_STARTED = "nobody has confirmed the order at the pump yet, and it gives what it gave before"


@dataclass(slots=True)
class _Suspicion:
    course: Course
    followed: Followed
    said: Said


class Contradicted:
    """See the module."""

    def __init__(self) -> None:
        """Nothing is waited for."""
        self._told: Recent[int, Course] = Recent()
        self._waiting: Recent[int, _Suspicion] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """A report, or an answer that repeats its order."""
        if said.repeated:
            yield from _repeated(said, ward)
        for one in ward.followed:
            yield from self._late(one, said, ward)
            course = one.course
            if course is not None and course.order.action in STOPS:
                continue  # a stop takes its time
            if course is None or one.fits is not False or course.obeyed is not None or self._told.get(id(course)) is course:
                continue
            if one.report.delivering is False or (one.before is not None and _unchanged(one, ward.doses.rounding)):
                continue
            if one.claims or one.before is not None:
                yield self._contradicts(course, one, said)
            else:
                self._waiting.put(id(course), _Suspicion(course, one, said))

    def pass_time(self, time: int, ward: Ward) -> Iterator[Remark]:
        """Those that were waited for long enough."""
        yield from self._ripe(time - ward.doses.time("bedside_minutes"))

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """All that never fitted."""
        yield from self._ripe(EVER)

    def _late(self, one: Followed, said: Said, ward: Ward) -> Iterator[Remark]:
        """An order that was confirmed and is not carried out."""
        course = one.overdue
        if course is None or one.report.operator or self._told.get(id(course)) is course:
            return
        self._told.put(id(course), course)
        shown = tuple(f"ordered and reported: {difference}" for difference in compare(course.order, one.report, ward.doses.rounding)[0])
        shown += (f"{(said.time - (course.confirmed or 0)) // MINUTE} min after the order was confirmed",)
        yield Remark(Sign.CONTRADICTED, Confidence.LIKELY, course.name, (said.packet, course.said.packet), shown, (AT_THE_BEDSIDE,))

    def _ripe(self, until: int) -> Iterator[Remark]:
        for key, one in self._waiting.items():
            settled = one.course.obeyed is not None or one.course.over or self._told.get(key) is one.course
            if settled or one.course.said.time <= until:
                self._waiting.drop(key)
            if not settled and one.course.said.time <= until:
                yield self._contradicts(one.course, one.followed, one.said, (NOT_STARTED,))

    def _contradicts(self, course: Course, one: Followed, said: Said, unless: tuple[str, ...] = ()) -> Remark:
        self._told.put(id(course), course)
        sure = Confidence.CONFIRMED if one.claims and not one.report.operator and course.confirmed is not None else Confidence.LIKELY
        shown = tuple(f"ordered and reported: {difference}" for difference in one.differs)
        shown += ("the report names this order",) if course.order.order and one.report.said.order == course.order.order else ()
        return Remark(Sign.CONTRADICTED, sure, course.name, (said.packet, course.said.packet), shown, (AT_THE_BEDSIDE, *unless), obeyed=True)


def _unchanged(one: Followed, rounding: Rounding) -> bool:
    """Whether the pump gives what it gave before: then the order has not been started, and what it says of it shows nothing."""
    before = one.before
    if before is None or before.delivering is False:
        return False
    now, course = one.report, one.course
    if course is None or (now.said.order != before.said.order and now.said.order == course.order.order != ""):
        return False
    old = {difference.name for difference in compare(course.order, before, rounding)[0]}
    return old >= {difference.name for difference in one.differs} and not differences(_settings(before.said), _settings(now.said), rounding=rounding)


def _settings(said: Prescription) -> Prescription:
    return Prescription(rate=said.rate, concentration=said.concentration, weight=said.weight, drug=said.drug, patient=said.patient, pump=said.pump)


def _repeated(said: Said, ward: Ward) -> Iterator[Remark]:
    """RRG^O16 may repeat the order as the pump's side understood it."""
    for order in said.repeated:
        course = ward.course_of(said.answer.to if said.answer else "", order.order)
        told = differences(course.order, order, rounding=ward.doses.rounding) if course is not None else ()
        told = tuple(one for one in told if one.name not in ("action", "order id"))
        if course is not None and told:
            shown = tuple(f"ordered and repeated in the answer: {one}" for one in told)
            yield Remark(Sign.CONTRADICTED, Confidence.CONFIRMED, course.name, (said.packet, course.said.packet), shown, (), obeyed=True)
