"""A TFTP service is there.

## What it finds

The TFTP file service, started or installed.

## Why it matters for a patient

TFTP knows no passwords at all: whoever reaches it reads, and often writes, files of the device.

## How it decides

A TFTP service is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if it was seen
listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken to be
started, and that assumption is shown. It is claimed to ask for nothing, whatever its settings say.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-306, CWE-319, ATT&CK T0886
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Auth, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="tftp_service",
    title="TFTP service",
    summary="Files can be read from or put on the device by anybody who reaches it.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(306, 319),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-306",
        "CWE-319",
        "ATT&CK T0886",
    ),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every TFTP service that is not switched off."""
    for way in ways_in(facts, "tftp"):
        yield (
            set_aside(INFO, way)
            if way.exempt
            else exposed(INFO, way, title=sentence(way, "moves files over the network without asking for a password"), auth=Auth.NONE)
        )
