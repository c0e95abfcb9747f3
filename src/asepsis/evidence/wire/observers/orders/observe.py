"""The observer of dose integrity: takes HL7 messages apart, tells them to the ward and to every check, and makes facts of what these remark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from asepsis.evidence.protocols import hl7, pcd, pcd_reports
from asepsis.evidence.wire.events import Event, Hl7Said
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.evidence.wire.observers.orders.check import Check, Recent, Remark, Said
from asepsis.evidence.wire.observers.orders.checks import CHECKS
from asepsis.evidence.wire.observers.orders.checks.senders import Senders
from asepsis.evidence.wire.observers.orders.seen import LONGEST, Kept, cut
from asepsis.evidence.wire.observers.orders.ward import Memory
from asepsis.evidence.wire.packet import Side
from asepsis.model.dose import DoseDoubt, DoseSign, DoseTraffic, OrderSeen, ReportSeen
from asepsis.model.facts import Fact
from asepsis.model.secret import SecretForm, SecretKind

MOST_REMARKS = 1_000
"""Signs and doubts that become facts; more of them are counted as forgotten."""
TO_THE_MINUTE = 12
"""Digits of a time stamp that says hours and minutes."""


class DoseIntegrity:
    """See the module."""

    info = ObserverInfo(
        "dose-integrity", "Orders to pumps, compared with what became of them", (DoseSign, DoseDoubt, OrderSeen, ReportSeen, DoseTraffic)
    )

    def __init__(self, means: Means) -> None:
        """Nothing was said yet."""
        self._means, self._ward = means, Memory(means.doses)
        self._checks: tuple[Check, ...] = tuple(make() for make in CHECKS)
        self._kept = Kept(means.place)
        self._digests: Recent[str, str] = Recent()
        self._first, self._counts, self._remarks, self._dropped = 0, [0, 0, 0], 0, 0

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in one event; signs that are certain at once are told at once."""
        if not isinstance(event, Hl7Said) or not event.message:
            return
        for raw in hl7.messages(event.message):
            said = self._said(event, raw)
            if said is not None:
                self._count(said)
                self._ward.take(said)
                yield from self._facts(remark for check in self._checks for remark in check.see(said, self._ward))

    def pass_time(self, packet: int, time: int) -> Iterator[Fact]:
        """What was awaited for too long."""
        del packet
        for check in self._checks:
            yield from self._facts(check.pass_time(time, self._ward))

    def finish(self, packet: int, time: int) -> Iterator[Fact]:
        """What was gathered: the last signs, the doubts, the orders themselves and how much there was."""
        del packet
        for check in self._checks:
            yield from self._facts(check.finish(time, self._ward))
        yield from self._kept.facts()
        if any(self._counts):
            place = self._means.place(self._first)
            orders, reports, alarms = self._counts
            forgotten = self._ward.forgotten + self._kept.dropped + self._dropped
            yield DoseTraffic(place, orders, reports, alarms, compared=self._ward.compared, forgotten=forgotten)

    def remember(self) -> bytes:
        """What outlasts a restart of a watch: who programmes whom."""
        return next(one.remember() for one in self._checks if isinstance(one, Senders))

    def recall(self, learned: bytes, _unwatched: int) -> None:
        """Take it in again."""
        next(one for one in self._checks if isinstance(one, Senders)).recall(learned)

    def _said(self, event: Hl7Said, raw: bytes) -> Said | None:
        message = hl7.heard(raw)
        if message is None:
            return None  # the decoder complains of it
        code = message.kind[0].upper()
        ordered = pcd.orders(message, self._digest) if code in ("RGV", "RRG") else ()
        return Said(
            packet=event.packet,
            time=event.time,
            conversation=event.conversation.number,
            speaker=event.speaker,
            hearer=event.hearer,
            kind=(code, message.kind[1].upper()),
            control_id=message.control_id,
            sender=message.sender,
            receiver=message.receiver,
            made=message.time,
            made_at=_moment(message.time),
            spoiled=bool(event.conversation.spoiled[event.side]),
            application_answer=message.header.text(16).upper(),
            by_client=event.side is Side.CLIENT,
            ordered_at=tuple(_moment(one.text(9)) for one in message.all("ORC")[: pcd.MOST_ORDERS]) if code == "RGV" else (),
            orders=ordered if code == "RGV" else (),
            repeated=ordered if code == "RRG" else (),
            reports=pcd_reports.reports(message, self._digest) if code == "ORU" and message.kind[1].upper() != "R40" else (),
            alarm=pcd.alarm(message) if code == "ORU" else None,
            watched=pcd.watched(message, self._digest) if code == "ORU" else None,
            answer=pcd.answer(message),
        )

    def _digest(self, text: str) -> str:
        known = self._digests.get(text)
        if known is None:
            known = self._means.redactor.redact(SecretKind.APPLICATION, SecretForm.CLEARTEXT, text).digest
            if len(text) <= LONGEST:
                self._digests.put(text, known)
        return known

    def _count(self, said: Said) -> None:
        for index, there in enumerate((len(said.orders), len(said.reports), int(said.alarm is not None))):
            self._counts[index] += there
        self._first = self._first or (said.packet if said.orders or said.reports or said.alarm else 0)
        self._kept.take(said)

    def _facts(self, remarks: Iterable[Remark]) -> Iterator[Fact]:
        for remark in remarks:
            if self._remarks >= MOST_REMARKS:
                self._dropped += 1
                continue
            self._remarks += 1
            place, shown = self._means.place(remark.packets[0]), tuple(cut(one, 3 * LONGEST) for one in remark.shown)
            pump, drug, by = self._about(remark.subject)
            if remark.confidence is None:
                yield DoseDoubt(place, remark.sign, cut(remark.subject), "; ".join(shown), pump=pump, drug=drug, by=by)
            else:
                others = tuple(str(number) for number in remark.packets[1:])
                yield DoseSign(
                    place,
                    remark.sign,
                    cut(remark.subject),
                    shown,
                    remark.unless,
                    obeyed=remark.obeyed,
                    other_packets=others,
                    confidence=remark.confidence,
                    pump=pump,
                    drug=drug,
                    by=by,
                )

    def _about(self, subject: str) -> tuple[str, str, str]:
        """Of which pump and drug an order or report is, and who sent it."""
        course = self._ward.course_of("", subject) or self._ward.course_of(subject, "")
        report = None if course else self._ward.report_of(subject)
        if course is None:
            return "", cut(report.said.drug) if report else "", ""
        pump = course.order.pump[0] if course.order.pump else ""
        return cut(pump), cut(course.order.drug), cut(f"{course.said.sender or 'nobody'} at {course.said.speaker.address}")


def _moment(text: str) -> tuple[int, bool] | None:
    """A time, if it says the minute at least: of a mere day nobody can tell whether it is late."""
    return hl7.moment(text) if len(re.split("[.+-]", text.strip())[0]) >= TO_THE_MINUTE else None
