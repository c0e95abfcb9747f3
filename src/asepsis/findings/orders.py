"""Orders as two captures saw them, and orders of one capture beside the reports of another: what belongs together, and in what it differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asepsis.model.amount import Amount, per_volume, read_amount
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions, Rounding
from asepsis.model.facts import OrderSeen, ReportSeen
from asepsis.model.infusion import STOPS, Report, compare
from asepsis.model.prescription import Difference, Prescription, differences

MOST_PLACES = 64
"""Sightings of one message that are compared; the first of each capture would do."""
MOST_REPORTS, MOST_ORDERS = 256, 64
"""Changes of one pump's settings that are laid beside its latest orders."""


@dataclass(frozen=True, slots=True)
class Parted:
    """One order in two captures, and in what the second saying departs from the first."""

    first: OrderSeen
    second: OrderSeen
    differs: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Opposed:
    """An order of one capture, and the report of another that contradicts it. ``named``: the report says that it follows this very order."""

    order: OrderSeen
    report: ReportSeen
    differs: tuple[Difference, ...]
    named: bool


def parted(seen: Iterable[OrderSeen], rounding: Rounding = ASSUMED.rounding) -> Iterator[Parted]:
    """Every message that another capture saw with other content, once for each pair of captures; within one capture its reader has compared.

    Captures have clocks of their own, so that messages are aligned by what they say of themselves: sender, control id, their time and the order's id.
    """
    by_message: dict[tuple[str, str, str], list[OrderSeen]] = defaultdict(list)
    for one in seen:
        if one.control_id and (one.made or one.order):
            by_message[(one.sender, one.control_id, one.made or one.order)].append(one)
    for same in by_message.values():
        first_of: dict[str, OrderSeen] = {}
        for one in same[:MOST_PLACES]:
            first_of.setdefault(one.where.evidence, one)
        captures = list(first_of.values())
        for number, second in enumerate(captures[1:], 1):
            told = _parted(captures[0], second, rounding)
            if told and all(_parted(other, second, rounding) for other in captures[:number]):
                yield Parted(captures[0], second, told)


def _parted(first: OrderSeen, second: OrderSeen, rounding: Rounding) -> tuple[Difference, ...]:
    return differences(prescription(first), prescription(second), strict=True, rounding=rounding)


def beside(orders: Sequence[OrderSeen], reports: Sequence[ReportSeen]) -> set[str]:
    """The captures whose orders are for a pump that reports in another capture."""
    told = {(name.lower(), one.where.evidence) for one in reports for name in one.pump}
    captures = {evidence for _, evidence in told}
    return {
        one.where.evidence
        for one in orders
        for name in one.pump
        for evidence in captures
        if evidence != one.where.evidence and (name.lower(), evidence) in told
    }


def opposed(orders: Sequence[OrderSeen], reports: Sequence[ReportSeen], doses: DoseAssumptions = ASSUMED) -> Iterator[Opposed]:
    """Orders that only another capture's reports contradict, each once.

    A report that names its order is held to it. Else the pump's reports must fit none of its orders for longer after the latest than a nurse takes
    to confirm it: a pump that gives what was ordered before waits for her. Reports of a capture that holds the order itself were compared when it
    was read.
    """
    by_pump: dict[tuple[str, tuple[str, ...]], list[ReportSeen]] = defaultdict(list)
    for report in reports:
        if report.gives and report.steady and not report.ended:
            by_pump[(report.where.evidence, report.pump)].append(report)
    by_name: dict[str, dict[int, OrderSeen]] = defaultdict(dict)
    for number, order in enumerate(orders):
        for name in order.pump:
            by_name[name.lower()][number] = order
    for (capture, pump), told in by_pump.items():
        ours = [order for _, order in sorted({at: one for name in pump for at, one in by_name.get(name.lower(), {}).items()}.items())]
        if not any(one.where.evidence == capture for one in ours):
            yield from _opposed(ours, told[-MOST_REPORTS:], doses)


def _opposed(orders: Sequence[OrderSeen], told: Sequence[ReportSeen], doses: DoseAssumptions) -> Iterator[Opposed]:
    named = {one.order for one in told if one.order}
    for name in sorted(named & {one.order for one in orders}):
        theirs = [one for one in orders if one.order == name and one.action not in STOPS][-MOST_ORDERS:]
        yield from _never(theirs, [one for one in told if one.order == name], doses, named=True)
    latest = max(orders, key=lambda one: one.moment, default=None)
    if latest is None or not latest.moment or latest.order in named or latest.action == "CH":
        return
    later = [one for one in told if one.moment > latest.moment]
    if later and later[-1].moment - latest.moment > doses.time("bedside_minutes"):
        every = sorted((one for one in orders if one.action not in STOPS), key=lambda one: one.moment)[-MOST_ORDERS:]
        yield from _never(every, later, doses, named=False)


def _never(orders: Sequence[OrderSeen], told: Sequence[ReportSeen], doses: DoseAssumptions, *, named: bool) -> Iterator[Opposed]:
    """If none of the reports fits any of the orders, the last of both."""
    laid = [(order, report, *compare(prescription(order), delivered(report), doses.rounding)) for order in orders for report in told]
    if not any(compared and not differs for _, _, differs, compared in laid):
        yield from [Opposed(order, report, differs, named) for order, report, differs, compared in laid[-1:] if compared and differs]


def prescription(seen: OrderSeen) -> Prescription:
    """The order as it was said, from the fact."""
    strength, volume = read_amount(seen.strength), read_amount(seen.volume)
    concentration: Amount | None = per_volume(strength, volume) if strength and volume else strength
    return Prescription(
        order=seen.order,
        action=seen.action,
        pump=seen.pump,
        patient=seen.patient,
        drug=seen.drug,
        route=seen.route,
        rate=read_amount(seen.rate),
        vtbi=read_amount(seen.vtbi),
        concentration=concentration,
        weight=read_amount(seen.weight),
        area=read_amount(seen.area),
    )


def delivered(seen: ReportSeen) -> Report:
    """The report as it was said, from the fact."""
    said = Prescription(
        order=seen.order,
        pump=seen.pump,
        patient=seen.patient,
        drug=seen.drug,
        rate=read_amount(seen.rate),
        vtbi=read_amount(seen.vtbi),
        concentration=read_amount(seen.concentration),
        weight=read_amount(seen.weight),
        area=read_amount(seen.area),
    )
    return Report(said, flow=read_amount(seen.flow), delivering=seen.gives, steady=seen.steady, ended=seen.ended)
