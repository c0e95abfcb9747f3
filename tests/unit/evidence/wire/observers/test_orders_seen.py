"""What is kept for comparison with other captures is bounded, and what no longer is kept is counted."""

from __future__ import annotations

from types import SimpleNamespace

from asepsis.evidence.wire.observers.orders.check import REMEMBERED
from asepsis.evidence.wire.observers.orders.seen import Kept
from asepsis.model.infusion import Report
from asepsis.model.prescription import Prescription
from asepsis.model.where import Where


def test_pumps_that_no_longer_fit_are_counted():
    kept = Kept(lambda packet: Where("e1", "ward.pcap", packet=packet))
    for number in range(REMEMBERED + 3):
        kept.take(SimpleNamespace(orders=(), reports=(Report(Prescription(pump=(f"P{number}",))),), packet=number + 1, made_at=None))
    assert len(list(kept.facts())) == REMEMBERED
    assert kept.dropped == 3
