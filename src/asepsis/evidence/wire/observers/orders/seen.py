"""Orders and reports as facts, so that the captures of two places can be laid side by side. Bounded; nothing of a patient but keyed digests."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.wire.observer import Place
from asepsis.evidence.wire.observers.orders.check import Recent, Said
from asepsis.model.dose import OrderSeen, ReportSeen
from asepsis.model.infusion import Report
from asepsis.model.prescription import Prescription

MOST = 10_000
"""Orders, and changes of settings, that are kept for comparison with other captures."""
LONGEST = 80
"""Characters of a device's text in a fact."""


class Kept:
    """What was seen so far. A report is kept when the settings change, and the last of each pump."""

    def __init__(self, place: Place) -> None:
        """``place`` names a packet's place."""
        self._place, self._orders, self._reports = place, list[OrderSeen](), list[ReportSeen]()
        self._last: Recent[str, tuple[tuple[str, ...], Report, Said]] = Recent()
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """How many orders, changes and pumps were more than are kept."""
        return self._dropped + self._last.forgotten

    def take(self, said: Said) -> None:
        """Its orders and reports."""
        for order in said.orders:
            if len(self._orders) < MOST:
                self._orders.append(_order(self._place, said, order))
            else:
                self._dropped += 1
        for report in said.reports:
            self._report(said, report)

    def facts(self) -> Iterator[OrderSeen | ReportSeen]:
        """All of it."""
        yield from self._orders
        yield from self._reports
        for _, report, said in self._last.values():
            yield _reported(self._place, said, report)

    def _report(self, said: Said, report: Report) -> None:
        pump, settings = "/".join(report.said.pump), _settings(report)
        before = self._last.get(pump)
        self._last.put(pump, (settings, report, said))
        if before is None or before[0] == settings:
            return
        if len(self._reports) < MOST:
            self._reports.append(_reported(self._place, before[2], before[1]))
        else:
            self._dropped += 1


def _settings(report: Report) -> tuple[str, ...]:
    said = report.said
    amounts = (said.rate, report.flow, said.vtbi, said.concentration, said.weight)
    return (said.order, said.drug, *said.patient, *(one.text if one else "" for one in amounts), str(report.gives), str(report.steady))


def _order(place: Place, said: Said, order: Prescription) -> OrderSeen:
    strength, _, volume = order.concentration.text.partition(" in ") if order.concentration else ("", "", "")
    return OrderSeen(
        place(said.packet),
        control_id=cut(said.control_id),
        sender=cut(said.sender),
        made=cut(said.made),
        order=cut(order.order),
        action=cut(order.action),
        pump=tuple(map(cut, order.pump)),
        patient=order.patient,
        drug=cut(order.drug),
        route=cut(order.route),
        strength=strength,
        volume=volume,
        moment=said.made_at[0] if said.made_at else 0,
        **{name: one.text for name in ("rate", "vtbi", "weight", "area") if (one := getattr(order, name))},
    )


def _reported(place: Place, said: Said, report: Report) -> ReportSeen:
    return ReportSeen(
        place(said.packet),
        order=cut(report.said.order),
        pump=tuple(map(cut, report.said.pump)),
        patient=report.said.patient,
        drug=cut(report.said.drug),
        flow=report.flow.text if report.flow else "",
        moment=said.made_at[0] if said.made_at else 0,
        gives=report.gives,
        steady=report.steady,
        ended=report.ended,
        **{name: one.text for name in ("rate", "vtbi", "concentration", "weight", "area") if (one := getattr(report.said, name))},
    )


def cut(text: str, most: int = LONGEST) -> str:
    """A text, shortened."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
