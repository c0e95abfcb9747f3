"""A VNC service is there.

## What it finds

A VNC remote-screen service, started or installed.

## Why it matters for a patient

Whoever gets in sees the screen and moves the mouse of the device, as if standing in front of it: settings, patient
data, treatment.

## How it decides

A VNC service is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if it was seen
listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken to be
started, and that assumption is shown.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-749, CWE-306, ATT&CK T0886, ICSMA-26-146-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="vnc_service",
    title="VNC service",
    summary="The device's screen and keyboard can be used over the network.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(749,),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-749",
        "CWE-306",
        "ATT&CK T0886",
        "ICSMA-26-146-01",
    ),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every VNC service that is not switched off."""
    for way in ways_in(facts, "vnc"):
        yield (
            set_aside(INFO, way)
            if way.exempt
            else exposed(INFO, way, title=sentence(way, "shows the device's screen and takes its keyboard over the network"))
        )
