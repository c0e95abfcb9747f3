"""A report whose numbers do not fit one another, each as far as rounding may have moved it.

Its rate and its dose: mL/h = dose × weight ÷ concentration. And the time for which it says that it will go on: what is left ÷ rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from asepsis.evidence.wire.observers.orders.check import Recent, Remark, Said, Ward
from asepsis.model.amount import Span, converted
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import Rounding
from asepsis.model.fact import Confidence
from asepsis.model.infusion import Report
from asepsis.model.prescription import basis

MOST = Fraction(1, 4)
"""Rounding excuses at most this part of a value: a dose printed as 1 may have been 1.25 [P]."""


TIME_SLACK = Fraction(1, 4)
"""Part by which a pump's guess of the time that is left may be off: it may count a step of its programme that is not told [P]."""
MINUTE_TOLD = Fraction(1, 30)
"""Two minutes: of what is nearly empty the time means little [P]."""


class Arithmetic:
    """See the module; one remark for each pump and pair of numbers."""

    def __init__(self) -> None:
        """No pump was found wrong."""
        self._told: Recent[tuple[str, ...], bool] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """A report."""
        for report in said.reports:
            expected = _expected(report, ward.doses.rounding) or _time_left(report)
            key = (*report.said.pump, *(one.text for one in (report.said.rate, report.flow) if one))
            if expected and self._told.get(key) is None:
                self._told.put(key, True)
                name = report.said.pump[0] if report.said.pump else said.sender
                unless = ("the pump computes with a weight or concentration that it does not report",)
                yield Remark(Sign.ARITHMETIC, Confidence.LIKELY, name, (said.packet,), (expected,), unless, obeyed=True)

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise."""
        return iter(())


def _expected(report: Report, rounding: Rounding) -> str:
    """What the rate should be, if it is not."""
    said, flow = report.said, report.flow
    if not report.steady or report.delivering is False or flow is None or said.rate is None or said.rate is flow:
        return ""
    known = basis(said.concentration, said.weight, said.area, printed=True)
    span = converted(said.rate.rounded(MOST), said.rate.unit, flow.unit, known)
    if span is None or span.meets(flow.rounded(MOST).wider(rounding.step * flow.unit.factor)):
        return ""
    basis_text = ", ".join(one.text for one in (said.weight, said.concentration) if one)
    middle = float((span.low + span.high) / 2 / flow.unit.factor)
    return f"reported {said.rate.text} and {flow.text}; with {basis_text} that dose is {middle:.4g} {flow.text.partition(' ')[2]}"


def _time_left(report: Report) -> str:
    """How long what is left lasts, if the report says something else. VTBI, which pumps count down or not, is only a bound."""
    flow, time = report.flow, report.time_left
    if time is None or flow is None or flow.value <= 0 or not report.steady or report.ended or not report.gives:
        return ""
    left = report.remaining or report.said.vtbi
    if left is None or left.unit.kind != "volume" or time.unit.kind != "time":
        return ""
    lasting = left.rounded(MOST).over(flow.rounded(MOST))
    told = time.rounded(MOST)
    if lasting is None or (told.low * (1 - TIME_SLACK) <= lasting.high + MINUTE_TOLD and (report.remaining is None or _nearly(told, lasting))):
        return ""
    hours = float((lasting.low + lasting.high) / 2)
    return f"reported {flow.text}, {left.text} to give and {time.text} left; at that rate it lasts {hours:.3g} h"


def _nearly(told: Span, lasting: Span) -> bool:
    return told.high * (1 + TIME_SLACK) + MINUTE_TOLD >= lasting.low
