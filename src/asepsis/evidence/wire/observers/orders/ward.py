"""The memory that all checks share: which orders are on their way, how they were answered, and what each pump said last."""

from __future__ import annotations

from fractions import Fraction

from asepsis.evidence.protocols.pcd import Report
from asepsis.evidence.wire.observers.orders.check import Course, Followed, K, Recent, Said
from asepsis.model.amount import Amount, Basis, converted
from asepsis.model.prescription import Difference, Prescription, agrees, basis, differences, same_drug, same_patient, same_pump

MOST_WAITING = 16
"""Orders for one pump that may still be followed; a later one takes the place of the earliest."""


class Memory:
    """See :class:`~.check.Ward`."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._courses: Recent[tuple[str, str, str, int], Course] = Recent()
        self._by_control_id: Recent[str, list[Course]] = Recent()
        self._by_order: Recent[str, list[Course]] = Recent()
        self._by_pump: Recent[str, list[Course]] = Recent()
        self._by_patient: Recent[str, list[Course]] = Recent()
        self._by_conversation: Recent[int, list[Course]] = Recent()
        self._reported: Recent[tuple[str, int], Report] = Recent()
        self.followed: tuple[Followed, ...] = ()
        self.compared = 0

    @property
    def forgotten(self) -> int:
        """Orders and pumps that it had to forget."""
        return self._courses.forgotten + self._reported.forgotten

    def course_of(self, control_id: str, order: str) -> Course | None:
        """The latest under this control id, or else with this order id."""
        found = (self._by_control_id.get(control_id) if control_id else None) or (self._by_order.get(order) if order else None)
        return found[-1] if found else None

    def take(self, said: Said) -> None:
        """Take in one message."""
        self.followed = ()
        for number, order in enumerate(said.orders):
            self._order(said, number, order)
        if said.answer is not None:
            self._answer(said)
        if said.reports:
            self.followed = tuple(self._follow(said))

    def _order(self, said: Said, number: int, order: Prescription) -> None:
        key = (said.sender, said.control_id, said.made, number)
        known = self._courses.get(key)
        if known is not None and known.order == order and known.obeyed is None:
            return
        course = Course(order, said, {})
        self._courses.put(key, course)
        _add(self._by_control_id, said.control_id, course)
        _add(self._by_conversation, said.conversation, course)
        if order.order:
            _add(self._by_order, order.order, course)
        for table, names in ((self._by_pump, order.pump), (self._by_patient, order.patient)):
            for name in names:
                _add(table, name.lower(), course)

    def _answer(self, said: Said) -> None:
        answer = said.answer
        if answer is None:
            return
        here = [one for one in self._by_conversation.get(said.conversation) or [] if answer.to in ("", one.said.control_id)]
        answered = here or (self._by_control_id.get(answer.to) or [] if answer.to else [])
        if not answered:
            return
        course = answered[-1]
        course.answered |= answer.of_application
        if answer.positive:
            course.accepted.setdefault(said.speaker if here else course.said.hearer, said.time)
            if said.kind[0] == "RRG" or (answer.code == "AA" and not here):
                self._confirm(course, said.time)
        elif answer.code in ("AE", "AR", "CE", "CR"):
            course.refused = said.time

    def _confirm(self, course: Course, time: int) -> None:
        """The order, and the copies of it that a relay sent on under control ids of its own."""
        for one in {course, *(self._by_order.get(course.order.order) or [] if course.order.order else [])}:
            if one.refused is None and one.confirmed is None and not differences(course.order, one.order):
                one.confirmed = time

    def _follow(self, said: Said) -> list[Followed]:
        found: list[Followed] = []
        for number, report in enumerate(said.reports):
            key = ("/".join(report.said.pump) or said.sender, number)
            before = self._reported.get(key)
            self._reported.put(key, report)
            found.append(self._laid_beside(report, before))
        fitting = {id(one.course) for one in found if one.fits}
        for one in found:
            self._settle(said, one)
        return [one for one in found if one.fits or id(one.course) not in fitting]

    def _laid_beside(self, report: Report, before: Report | None) -> Followed:
        waiting = self._waiting(report)
        laid = [(course, *compare(course.order, report)) for course in waiting]
        fitting = next((one for one in laid if one[2] and not one[1]), None)
        course, differs, compared = fitting or next((one for one in laid if one[2]), (waiting[0] if waiting else None, (), False))
        self.compared += compared
        named = course is not None and bool(course.order.order) and course.order.order == report.said.order
        new = before is None or before.said.order != report.said.order
        claims = course is not None and ((named and new) or course.confirmed is not None or "start" in report.event)
        return Followed(report, course, before, not differs if compared else None, differs, claims)

    def _waiting(self, report: Report) -> list[Course]:
        """Orders that this report may follow, the latest first: those that it names, or else those for its pump, or else for its patient."""
        named = [one for one in self._kept(self._by_order, report.said.order) if _alike(one.order, report)]
        ours = [one for name in report.said.pump for one in self._kept(self._by_pump, name)]
        theirs = [one for name in report.said.patient for one in self._kept(self._by_patient, name)] if not (named or ours) else []
        return named or ours or [one for one in theirs if same_pump(one.order.pump, report.said.pump) is None]

    @staticmethod
    def _kept(table: Recent[str, list[Course]], name: str) -> list[Course]:
        """What may still be followed, the latest first."""
        return [one for one in reversed(table.get(name if table.get(name) else name.lower()) or []) if not one.over] if name else []

    def _settle(self, said: Said, one: Followed) -> None:
        course = one.course
        if course is None:
            return
        course.started_by_hand |= one.report.operator and "start" in one.report.event
        if one.report.delivering is False:
            course.stopped |= course.obeyed is not None
        elif one.fits and course.obeyed is None:
            course.obeyed, course.obeyed_packet = said.time, said.packet
            self._supersede(course, one.report)

    def _supersede(self, course: Course, report: Report) -> None:
        """An order that is carried out ends those before it, except that a pump returns from a bolus (CH) to what it gave before."""
        for earlier in self._waiting(report) if course.order.action != "CH" else ():
            earlier.over |= earlier is not course and earlier.said.time <= course.said.time


def _add(table: Recent[K, list[Course]], key: K, course: Course) -> None:
    table.put(key, [*(table.get(key) or [])[-(MOST_WAITING - 1) :], course])


def _alike(order: Prescription, report: Report) -> bool:
    """Whether an order id is the same by more than chance: ids of different programmers may coincide."""
    return same_pump(order.pump, report.said.pump) is not False or same_patient(order.patient, report.said.patient) is True


def compare(order: Prescription, report: Report) -> tuple[tuple[Difference, ...], bool]:
    """In what a report departs from an order, and whether any amount could be compared at all."""
    said = report.said
    bases = (_either(order.basis, basis(said.concentration, said.weight, said.area, printed=True)),)
    pairs = [
        ("rate", order.rate, said.rate if report.steady else None),
        ("rate", order.rate, report.flow if report.steady and report.flow is not said.rate else None),
        ("concentration", order.concentration, said.concentration),
        ("weight", order.weight, said.weight),
    ]
    results = [(name, was, now, agrees(was, now, *bases)) for name, was, now in pairs if was is not None and now is not None]
    found = [Difference(name, _with_expected(was, now, bases[0]), now.text) for name, was, now, same in results if same is False]
    found += _volume(order, report)
    found += [Difference("drug", order.drug, said.drug)] if same_drug(order.drug, said.drug) is False else []
    found += [Difference("patient")] if same_patient(order.patient, said.patient) is False else []
    found += [Difference("pump", order.pump[0], said.pump[0])] if same_pump(order.pump, said.pump) is False else []
    return tuple(found), any(name == "rate" and same is not None for name, _, _, same in results) or bool(found)


def _either(first: Basis, second: Basis) -> Basis:
    return Basis(
        first.concentration or second.concentration,
        first.drug_kind if first.concentration else second.drug_kind,
        first.weight_kg or second.weight_kg,
        first.area or second.area,
    )


def _with_expected(was: Amount, now: Amount, known: Basis) -> str:
    """What was ordered, and what it comes to in the unit of the report."""
    if (was.unit.kind, was.unit.per) == (now.unit.kind, now.unit.per):
        return was.text
    span = converted(was.exact, was.unit, now.unit, known)
    return f"{was.text} (= {float((span.low + span.high) / 2 / now.unit.factor):.4g} {now.text.partition(' ')[2]})" if span else was.text


def _volume(order: Prescription, report: Report) -> list[Difference]:
    """The volume to be infused: as set, or as what is left and what was given already make it."""
    if order.vtbi is None or not report.steady:
        return []
    set_to, left, given = report.said.vtbi, report.remaining, report.delivered
    if set_to is None:
        too_much = left is not None and left.rounded(Fraction(1, 20)).low > order.vtbi.exact.high
        return [Difference("vtbi", order.vtbi.text, f"{left.text} left")] if too_much and left else []
    if agrees(order.vtbi, set_to) or (given and set_to.exact.low + given.exact.low == order.vtbi.exact.low):
        return []
    return [Difference("vtbi", order.vtbi.text, set_to.text)]
