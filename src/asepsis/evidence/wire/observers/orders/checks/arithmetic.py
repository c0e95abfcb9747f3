"""A report whose rate does not fit its own dose: mL/h = dose × weight ÷ concentration, each number as far as rounding may have moved it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from asepsis.evidence.protocols.pcd import Report
from asepsis.evidence.wire.observers.orders.check import Recent, Remark, Said, Ward
from asepsis.model.amount import converted
from asepsis.model.dose import Sign
from asepsis.model.fact import Confidence
from asepsis.model.prescription import PUMP_STEP, basis

MOST = Fraction(1, 4)
"""Rounding excuses at most this part of a value: a dose printed as 1 may have been 1.25 [P]."""


class Arithmetic:
    """See the module; one remark for each pump and pair of numbers."""

    def __init__(self) -> None:
        """No pump was found wrong."""
        self._told: Recent[tuple[str, ...], bool] = Recent()

    def see(self, said: Said, _ward: Ward) -> Iterator[Remark]:
        """A report."""
        for report in said.reports:
            expected = _expected(report)
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


def _expected(report: Report) -> str:
    """What the rate should be, if it is not."""
    said, flow = report.said, report.flow
    if not report.steady or report.delivering is False or flow is None or said.rate is None or said.rate is flow:
        return ""
    known = basis(said.concentration, said.weight, said.area, printed=True)
    span = converted(said.rate.rounded(MOST), said.rate.unit, flow.unit, known)
    if span is None or span.meets(flow.rounded(MOST).wider(PUMP_STEP * flow.unit.factor)):
        return ""
    basis_text = ", ".join(one.text for one in (said.weight, said.concentration) if one)
    middle = float((span.low + span.high) / 2 / flow.unit.factor)
    return f"reported {said.rate.text} and {flow.text}; with {basis_text} that dose is {middle:.4g} {flow.text.partition(' ')[2]}"
