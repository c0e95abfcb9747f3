"""The same order, seen twice with different content: at two places on its way, or in two sendings of one message.

Sightings are laid side by side by sender and control id (MSH-3, MSH-10) where the message also gives the same time of its own (MSH-7); control ids
alone come again when a programmer restarts. A gateway that gives its own control id is followed by the order id (ORC-2), as long as
a message may be kept on its way, and only from the place where the order was first seen to later places. Other units and rounding are no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.observers.orders.check import Recent, Remark, Said, Ward
from asepsis.evidence.wire.packet import Endpoint
from asepsis.model.dose import Sign
from asepsis.model.dose_assumptions import DoseAssumptions, Rounding
from asepsis.model.fact import Confidence
from asepsis.model.prescription import Prescription, differences, same_patient, same_pump

MOST_SIGHTINGS = 32
"""Sightings of one order that are kept; the first is never forgotten."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    order: Prescription
    said: Said

    @property
    def place(self) -> Endpoint:
        return self.said.hearer


class Altered:
    """See the module."""

    def __init__(self) -> None:
        """Nothing was seen."""
        self._by_message: Recent[tuple[str, str, str, int], list[_Sighting]] = Recent()
        self._by_order: Recent[str, list[_Sighting]] = Recent()

    def see(self, said: Said, ward: Ward) -> Iterator[Remark]:
        """An order: compare it with its earlier sightings."""
        if said.orders and said.spoiled:
            yield _spoiled(said)
        for number, order in enumerate(said.orders):
            now = _Sighting(order, said)
            message = self._kept(self._by_message, (said.sender, said.control_id, said.made, number), now) if said.control_id else []
            way = self._kept(self._by_order, order.order, now) if order.order else []
            remark = _same_message(message, now, ward.doses.rounding) or (None if message else _same_order(way, now, ward.doses))
            if remark is not None:
                yield remark

    def pass_time(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Nothing is waited for."""
        return iter(())

    def finish(self, _time: int, _ward: Ward) -> Iterator[Remark]:
        """Likewise."""
        return iter(())

    @staticmethod
    def _kept(table: Recent, key: object, now: _Sighting) -> list[_Sighting]:  # type: ignore[type-arg]
        """The earlier sightings, after ``now`` was added."""
        known: list[_Sighting] = table.get(key) or []
        kept = [*known[:1], *known[1:][-(MOST_SIGHTINGS - 2) :], now]
        table.put(key, kept)
        return known


def _same_message(earlier: list[_Sighting], now: _Sighting, rounding: Rounding) -> Remark | None:
    """One message: any difference is an alteration, whatever the place."""
    if not earlier or any(not differences(one.order, now.order, strict=True, rounding=rounding) for one in earlier):
        return None
    first = earlier[-1]
    sure = Confidence.CONFIRMED if differences(first.order, now.order, rounding=rounding) else Confidence.LIKELY
    return _remark(first, now, sure, ("a device on the way that is meant to change orders",))


def _same_order(earlier: list[_Sighting], now: _Sighting, doses: DoseAssumptions) -> Remark | None:
    """One order under other control ids: only what reaches a later place than the first is compared, with all that passed elsewhere."""
    if not earlier or now.place == earlier[0].place:
        return None
    on_its_way = doses.time("relay_minutes")
    near = [one for one in earlier if now.said.time - one.said.time <= on_its_way and one.place != now.place and _one_way(one, now)]
    if not near or any(not differences(one.order, now.order, rounding=doses.rounding) for one in near):
        return None
    return _remark(
        near[-1], now, Confidence.LIKELY, ("two programmers that give the same order ids", "an order that was amended meanwhile, not seen here")
    )


def _one_way(one: _Sighting, now: _Sighting) -> bool:
    """Whether both can be sayings of one order: the same action, and the pump or the patient shared (one of them may be what was changed)."""
    if one.order.action != now.order.action:
        return False
    return same_pump(one.order.pump, now.order.pump) is not False or same_patient(one.order.patient, now.order.patient) is True


def _remark(first: _Sighting, now: _Sighting, sure: Confidence, unless: tuple[str, ...]) -> Remark:
    told = differences(first.order, now.order, strict=sure is not Confidence.LIKELY) or differences(first.order, now.order, strict=True)
    shown = (*(str(one) for one in told), f"first seen on its way to {first.place}, then to {now.place}")
    return Remark(Sign.ALTERED, sure, now.order.order or now.said.control_id, (now.said.packet, first.said.packet), shown, unless)


def _spoiled(said: Said) -> Remark:
    name = next((one.order for one in said.orders if one.order), said.control_id)
    shown = ("bytes of the conversation that carries it were sent twice with different content: two senders took part in it",)
    return Remark(Sign.ALTERED, Confidence.LIKELY, name, (said.packet,), shown, ("a broken network card or capture",))
