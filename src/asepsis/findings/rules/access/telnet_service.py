"""A Telnet service is there.

## What it finds

The Telnet log-in service, started or installed.

## Why it matters for a patient

Telnet sends everything readable, passwords too, and gives a command line. Whoever listens on the network once can log
in and change what the device does. Real pumps, monitors and imaging systems have shipped with it.

## How it decides

A Telnet service is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if it was
seen listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken to be
started, and that assumption is shown.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-319, CWE-749, ATT&CK T0886, ICSMA-19-113-01, ICSA-15-125-01B
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="telnet_service",
    title="Telnet service",
    summary="The device can be operated over the network through a log-in that anybody can overhear.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(319, 749),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-319",
        "CWE-749",
        "ATT&CK T0886",
        "ICSMA-19-113-01",
        "ICSA-15-125-01B",
    ),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every Telnet service that is not switched off."""
    for way in ways_in(facts, "telnet"):
        yield (
            set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=sentence(way, "lets people log in over the network without encryption"))
        )
