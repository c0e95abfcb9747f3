"""Real captures by the short way for ordinary packets and by the long one: the same events, facts, problems and counts."""

from __future__ import annotations

import pytest

from tests.real.shared import DATA
from tests.unit.evidence.wire.both_ways import told_alike

CAPTURES = sorted((DATA / "b_pcap").rglob("*.pcap*")) if DATA and (DATA / "b_pcap").is_dir() else []
pytestmark = [pytest.mark.real, pytest.mark.skipif(not CAPTURES, reason="needs the captures")]
LARGEST = 4 << 20
"""Bytes; the few that are larger show nothing more."""


@pytest.mark.parametrize("path", [one for one in CAPTURES if one.stat().st_size <= LARGEST], ids=lambda path: path.name)
def test_both_ways_tell_the_same(path):
    told_alike(path.read_bytes())
