"""Syslog: headers of RFC 5424 and RFC 3164."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.syslog import SyslogDecoder
from tests.unit.evidence.wire.decoders.hearing import CLIENT, hear, hold_to_promises

SYSLOG = SyslogDecoder()


NEW, OLD = b"<34>1 2026-03-01T10:00:00Z pump-7 alarmd 99 - - John Doe bed 4", b"<13>Mar  1 10:00:00 pump-7 alarmd[99]: John Doe bed 4"


@pytest.mark.parametrize(
    ("data", "name", "program"),
    [
        (NEW, "pump-7", "alarmd"),
        (OLD, "pump-7", "alarmd"),
        (b"<13>Mar  1 10:00:00 dropbear[4]: exit", "", "dropbear"),
    ],
)
def test_who_reports(data: bytes, name: str, program: str):
    (named,) = hold_to_promises(SYSLOG, [(CLIENT, data), (CLIENT, data)], transport="udp", port=514)
    assert (named.address, named.name, named.attributes) == ("10.0.0.2", name, {"program": program})


def test_names_without_end_are_complained_of():
    said = [(CLIENT, b"<34>1 2026-03-01T10:00:00Z pump-%d alarmd 99 - - x" % number) for number in range(99)]
    events, complaints = hear(SYSLOG, said, transport="udp")
    assert len(events) == 32
    assert set(complaints) == {"syslog: more than 32 names and programs: the rest is not told"}


def test_a_report_without_a_name():
    assert hear(SYSLOG, [(CLIENT, b"<34>1 - - - - - - nobody")], transport="udp") == ([], [])


@pytest.mark.parametrize(
    ("data", "match"),
    [(b"<0>x", Match.YES), (b"<191>x", Match.YES), (b"<192>x", Match.NO), (b"<html>", Match.NO), (b"<1>", Match.NO), (b"", Match.NO)],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert SYSLOG.recognises(data, b"") is match
