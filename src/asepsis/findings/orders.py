"""Orders as two captures saw them: the same message, laid side by side, and what of it differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asepsis.model.amount import Amount, per_volume, read_amount
from asepsis.model.facts import OrderSeen
from asepsis.model.prescription import Difference, Prescription, differences

MOST_PLACES = 64
"""Sightings of one message that are compared; the first of each capture would do."""


@dataclass(frozen=True, slots=True)
class Parted:
    """One order in two captures, and in what the second saying departs from the first."""

    first: OrderSeen
    second: OrderSeen
    differs: tuple[Difference, ...]


def parted(seen: Iterable[OrderSeen]) -> Iterator[Parted]:
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
            told = differences(prescription(captures[0]), prescription(second), strict=True)
            if told and not any(not differences(prescription(other), prescription(second), strict=True) for other in captures[:number]):
                yield Parted(captures[0], second, told)


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
