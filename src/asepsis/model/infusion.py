"""What one channel of a pump says that it does, and in what that departs from an order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from asepsis.model.amount import Amount, Basis, converted
from asepsis.model.dose_assumptions import USUAL, Rounding
from asepsis.model.drug import same_drug
from asepsis.model.prescription import FLOW, Difference, Prescription, agrees, basis, same_patient, same_pump

STOPS = frozenset({"CA", "DC", "HD"})
"""ORC-1 of orders after which nothing is given any more: cancel, discontinue, hold (HL7 table 0119)."""
_VOLUME_LEFT = Fraction(1, 20)
_WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Report:
    """What one channel of a pump says that it does: ``said`` in the words of an order (``rate`` is the dose rate where there is one).

    ``flow`` is the rate in volume, ``delivering`` None if it is not told; ``steady`` False while another rate than the set one is normal (keep-open
    rate, bolus, ramp). ``ended``: its volume is given, or it only keeps the vein open. ``event`` is the condition of an event report, ``operator``
    whether somebody is named; ``at`` is the report's own time in ns, and ``time_left`` how long it says that it will go on.
    """

    said: Prescription
    flow: Amount | None = None
    delivered: Amount | None = None
    remaining: Amount | None = None
    delivering: bool | None = None
    steady: bool = True
    ended: bool = False
    event: str = ""
    operator: bool = False
    at: int | None = None
    time_left: Amount | None = None

    @property
    def gives(self) -> bool:
        """Whether anything flows, as far as it says."""
        rates = [one for one in (self.flow, self.said.rate) if one is not None]
        return self.delivering is not False and (any(one.value > 0 for one in rates) if rates else self.delivering is True)


def compare(order: Prescription, report: Report, rounding: Rounding = USUAL) -> tuple[tuple[Difference, ...], bool]:
    """In what a report departs from an order, and whether any amount could be compared at all."""
    said = report.said
    if order.action in STOPS:
        told = report.delivering is not None or report.flow is not None
        return ((Difference("action", "stop", "goes on giving"),) if report.gives else ()), told
    rates, compared = _rates(order, report, rounding)
    found = rates + _amounts(order, report, rounding) + _volume(order, report, rounding)
    found += [Difference("drug", order.drug, said.drug)] if same_drug(order.drug, said.drug) is False else []
    found += [Difference("patient")] if same_patient(order.patient, said.patient) is False else []
    found += [Difference("pump", order.pump[0], said.pump[0])] if same_pump(order.pump, said.pump) is False else []
    return tuple(found), compared or bool(found)


def lasts(order: Prescription) -> Fraction | None:
    """Hours until the ordered volume is given; None if the order does not tell."""
    if order.vtbi is None or order.rate is None:
        return None
    flow = converted(order.rate.exact, order.rate.unit, FLOW, order.basis)
    return order.vtbi.exact.high / flow.low if flow and flow.low > 0 and order.vtbi.unit.kind == "volume" else None


def _rates(order: Prescription, report: Report, rounding: Rounding) -> tuple[list[Difference], bool]:
    """The rate as dose and as volume. Where one of them is what was ordered, the other may have been rounded to any printed digit."""
    said, known = report.said, _basis(order, report.said)
    told = dict.fromkeys((said.rate, report.flow)) if report.steady and order.rate is not None else {}
    results = [(order.rate, now, agrees(order.rate, now, known, rounding=rounding)) for now in told if now is not None and order.rate is not None]
    right = any(same for _, _, same in results)
    wrong = [
        (was, now)
        for was, now, same in results
        if same is False and not (right and agrees(was, now, known, rounding=Rounding(rounding.step, _WHOLE)))
    ]
    return [Difference("rate", _with_expected(was, now, known), now.text) for was, now in wrong], any(same is not None for _, _, same in results)


def _amounts(order: Prescription, report: Report, rounding: Rounding) -> list[Difference]:
    pairs = [(name, getattr(order, name), getattr(report.said, name)) for name in ("concentration", "weight", "area")]
    known = _basis(order, report.said)
    return [Difference(name, was.text, now.text) for name, was, now in pairs if was and now and agrees(was, now, known, rounding=rounding) is False]


def _basis(order: Prescription, said: Prescription) -> Basis:
    first, second = order.basis, basis(said.concentration, said.weight, said.area, printed=True)
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


def _volume(order: Prescription, report: Report, rounding: Rounding) -> list[Difference]:
    """The volume to be infused: as set, or as what is left and what was given already make it."""
    if order.vtbi is None or not report.steady or report.ended:
        return []
    set_to, left, given = report.said.vtbi, report.remaining, report.delivered
    if set_to is None:
        too_much = left is not None and left.rounded(_VOLUME_LEFT).low > order.vtbi.exact.high
        return [Difference("vtbi", order.vtbi.text, f"{left.text} left")] if too_much and left else []
    if agrees(order.vtbi, set_to, rounding=rounding) or (given and set_to.exact.low + given.exact.low == order.vtbi.exact.low):
        return []
    return [Difference("vtbi", order.vtbi.text, set_to.text)]
