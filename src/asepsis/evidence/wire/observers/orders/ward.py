"""The memory that all checks share: which orders are on their way, how they were answered, and what each pump said last."""

from __future__ import annotations

from asepsis.evidence.wire.observers.orders.check import SECOND, Course, Followed, K, Recent, Said
from asepsis.model.dose_assumptions import DoseAssumptions
from asepsis.model.infusion import STOPS, Report, compare
from asepsis.model.prescription import Prescription, differences, same_patient, same_pump

SET_BACK = 5 * SECOND
"""Two reports that are as old as one another to so much show that the pump's clock was set back [P]."""
MOST_WAITING = 16
"""Orders for one pump that may still be followed; a later one takes the place of the earliest."""


class Memory:
    """See :class:`~.check.Ward`."""

    def __init__(self, doses: DoseAssumptions) -> None:
        """Nothing is known."""
        self.doses, self._rounding = doses, doses.rounding
        self._courses: Recent[tuple[str, str, str, int], Course] = Recent()
        self._by_control_id: Recent[str, list[Course]] = Recent()
        self._by_order: Recent[str, list[Course]] = Recent()
        self._by_pump: Recent[str, list[Course]] = Recent()
        self._by_patient: Recent[str, list[Course]] = Recent()
        self._by_conversation: Recent[int, list[Course]] = Recent()
        self._reported: Recent[tuple[str, int], Report] = Recent()
        self._newest: Recent[tuple[str, int], tuple[int, int]] = Recent()
        self._said_by: Recent[str, Report] = Recent()
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

    def report_of(self, pump: str) -> Report | None:
        """The last report of a pump, by any of its names."""
        return self._said_by.get(pump.lower())

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
            if one.refused is None and one.confirmed is None and not differences(course.order, one.order, rounding=self._rounding):
                one.confirmed = time

    def _follow(self, said: Said) -> list[Followed]:
        found: list[Followed] = []
        for number, report in enumerate(said.reports):
            key = ("/".join(report.said.pump) or said.sender, number)
            if self._kept_back(key, said, report):
                continue
            before = self._reported.get(key)
            self._reported.put(key, report)
            for name in report.said.pump:
                self._said_by.put(name.lower(), report)
            found.append(self._laid_beside(said, report, before))
        fitting = {id(one.course) for one in found if one.fits}
        for one in found:
            self._settle(said, one)
        return [one for one in found if one.fits or id(one.course) not in fitting]

    def _kept_back(self, key: tuple[str, int], said: Said, report: Report) -> bool:
        """Whether a report is older than one that came before it, and so says nothing of now; unless the pump's clock was set back."""
        if report.at is None:
            return False
        newest, age = self._newest.get(key) or (report.at, 0), said.time - report.at
        late = report.at < newest[0] and abs(age - newest[1]) > SET_BACK
        self._newest.put(key, (newest[0] if late else report.at, age if report.at < newest[0] else 0))
        return late

    def _laid_beside(self, said: Said, report: Report, before: Report | None) -> Followed:
        waiting = self._waiting(report)
        laid = [(course, *compare(course.order, report, self._rounding)) for course in waiting]
        fitting = next((one for one in laid if one[2] and not one[1]), None)
        course, differs, compared = fitting or next((one for one in laid if one[2]), (waiting[0] if waiting else None, (), False))
        self.compared += compared
        named = course is not None and bool(course.order.order) and course.order.order == report.said.order
        new = before is None or before.said.order != report.said.order
        claims = course is not None and ((named and new) or course.confirmed is not None or "start" in report.event)
        late = self._overdue(said, waiting[0], report) if waiting and waiting[0] is not (course if not differs else None) else None
        return Followed(report, course, before, not differs if compared else None, differs, claims, late)

    def _overdue(self, said: Said, course: Course, report: Report) -> Course | None:
        """The latest order, where its side confirmed it long ago and the pump still gives something else. A bolus may be over by now."""
        awaited = course.order.action == "XO" or course.order.action in STOPS
        patience = self.doses.time("bedside_minutes")
        if not awaited or course.confirmed is None or course.obeyed is not None or said.time - course.confirmed < patience:
            return None
        return course if report.gives and report.steady and compare(course.order, report, self._rounding)[0] else None

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
        course.stopped |= course.obeyed is not None and (one.report.ended or one.report.delivering is False)
        if one.fits and course.obeyed is None and (one.report.delivering is not False or course.order.action in STOPS):
            course.obeyed, course.obeyed_packet = said.time, said.packet
            self._supersede(course, one.report)

    def _supersede(self, course: Course, report: Report) -> None:
        """An order that is carried out ends those before it, except that a pump returns from a bolus (CH) to what it gave before."""
        for earlier in self._waiting(report) if course.order.action != "CH" else ():
            if earlier is course or earlier.said.time > course.said.time:
                continue
            earlier.over |= course.order.action not in STOPS  # what was held may go on
            earlier.stopped |= course.order.action in STOPS


def _add(table: Recent[K, list[Course]], key: K, course: Course) -> None:
    table.put(key, [*(table.get(key) or [])[-(MOST_WAITING - 1) :], course])


def _alike(order: Prescription, report: Report) -> bool:
    """Whether an order id is the same by more than chance: ids of different programmers may coincide."""
    return same_pump(order.pump, report.said.pump) is not False or same_patient(order.patient, report.said.patient) is True
