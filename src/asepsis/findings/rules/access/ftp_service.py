"""An FTP service is there.

## What it finds

The FTP file service, started or installed.

## Why it matters for a patient

FTP sends passwords and files readable and takes files from whoever logs in. On real monitors and pumps that was the
way to put changed software on the device.

## How it decides

An FTP service is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if it was seen
listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken to be
started, and that assumption is shown.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-319, CWE-749, ATT&CK T0886, ICSMA-17-250-02A, ICSMA-19-255-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="ftp_service",
    title="FTP service",
    summary="Files can be read from or put on the device over a connection that anybody can overhear.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(319, 749),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-319",
        "CWE-749",
        "ATT&CK T0886",
        "ICSMA-17-250-02A",
        "ICSMA-19-255-01",
    ),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every FTP service that is not switched off."""
    for way in ways_in(facts, "ftp"):
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=sentence(way, "moves files over the network without encryption"))
