"""Settings of a pump that changed without an order.

Somebody at the pump may change a rate at any time, so that a change alone decides nothing: it is counted as a doubt. A drug or a patient that changes
while the pump goes on giving from the same source, and its volume goes on growing, is no work of anybody's fingers. And nobody titrates by leaps: a
running, ordered infusion that gives many times more at once, with no order, event or name, is looked at, if only as an overdose by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.observers.orders.check import Followed, Recent, Remark, Said, Ward
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import DoseAssumptions, Rounding
from asepsis.model.fact import Confidence
from asepsis.model.prescription import Difference, Prescription, differences

MOST_NAMED = 20
"""Pumps that are named at the end; the others are counted with the last."""

BY_HAND = "a bolus or flush given by hand that the pump does not name, or somebody changed the rate at the pump"


@dataclass(slots=True)
class _Changes:
    pump: str
    packet: int
    times: int = 0


class Unordered:
    """See the module."""

    def __init__(self) -> None:
        """Nothing changed."""
        self._changes: Recent[str, _Changes] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """A report beside the one before it."""
        for one in ward.followed:
            told = () if one.fits or one.report.operator or not one.report.steady else _changed(one, ward.doses.rounding)
            name = one.report.said.pump[0] if one.report.said.pump else said.sender
            impossible = tuple(str(difference) for difference in told if difference.name in ("drug", "patient")) if _goes_on(one) else ()
            if impossible:
                unless = ("a report of another source of the same pump",)
                yield Remark(Sign.UNORDERED, Confidence.LIKELY, name, (said.packet,), impossible, unless, obeyed=True)
            elif leap := tuple(str(difference) for difference in told if difference.name == "rate" and self._leaps(one, ward.doses)):
                shown = (*leap, "the same infusion goes on, and no order, event or member of staff is named for the change")
                yield Remark(Sign.UNORDERED, Confidence.LIKELY, name, (said.packet,), shown, (BY_HAND,), obeyed=True)
            elif any(difference.name in ("rate", "concentration") for difference in told):
                changes = self._changes.get(name) or _Changes(name, said.packet)
                changes.times += 1
                self._changes.put(name, changes)

    @staticmethod
    def _leaps(one: Followed, doses: DoseAssumptions) -> bool:
        """Whether the rate of one running infusion that was ordered grew by more than a titration."""
        before, now = one.before, one.report
        ordered = one.course is not None and one.course.obeyed is not None
        if before is None or not ordered or not before.gives or not before.steady or now.event or before.said.order != now.said.order:
            return False
        was, by = (before.said.rate, now.said.rate), (before.flow, now.flow)
        for (old, new), of_fluid in ((was, False), (by, now.said.rate is now.flow)):
            if old and new and (old.unit.kind, old.unit.per) == (new.unit.kind, new.unit.per):
                return new.exact.low > doses.leaps(of_fluid=of_fluid) * old.exact.low > 0
        return False

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """The doubts, by pump."""
        for one in self._changes.values()[:MOST_NAMED]:
            times = "once" if one.times == 1 else f"{one.times} times"
            why = (f"changed {times} with no order in the capture: at the pump itself, or by somebody who was not captured",)
            yield Remark(Sign.UNORDERED, None, one.pump, (one.packet,), why)


def _changed(one: Followed, rounding: Rounding) -> tuple[Difference, ...]:
    before = one.before
    if before is None or before.delivering is False or one.report.delivering is False:
        return ()
    return differences(_settings(before.said), _settings(one.report.said), rounding=rounding)


def _settings(said: Prescription) -> Prescription:
    return Prescription(rate=said.rate, concentration=said.concentration, weight=said.weight, drug=said.drug, patient=said.patient)


def _goes_on(one: Followed) -> bool:
    """The same infusion: its volume grows from where it was."""
    before = one.before
    if before is None or not before.delivering or not one.report.delivering or before.said.order != one.report.said.order:
        return False
    was, now = before.delivered, one.report.delivered
    return was is not None and now is not None and 0 < was.exact.low < now.exact.low
