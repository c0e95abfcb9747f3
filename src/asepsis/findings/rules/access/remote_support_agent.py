"""A remote-support program is on the device.

## What it finds

A program through which the maker or a service company reaches the device from outside: remote-desktop agents, relay
agents, vendor support networks.

## Why it matters for a patient

The hospital does not decide who comes in through it, and one flaw or one password opens every device that has it. A
single flawed agent was found in more than a hundred medical device models.

## How it decides

A remote-support program is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if
it was seen listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken
to be started, and that assumption is shown.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-749, ATT&CK T0822, ICSA-22-067-01, ICSMA-16-089-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="remote_support_agent",
    title="Remote-support program",
    summary="The device can be operated from outside through a support program.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(749,),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-749",
        "ATT&CK T0822",
        "ICSA-22-067-01",
        "ICSMA-16-089-01",
    ),
)

NAMES = (
    "remote-support",
    "pcanywhere",
    "teamviewer",
    "anydesk",
    "rustdesk",
    "radmin",
    "dameware",
    "logmein",
    "splashtop",
    "screenconnect",
    "axeda",
)
"""Service names of support programs (domain facts 7.2)."""


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every remote-support program that is not switched off."""
    for way in ways_in(facts, *NAMES):
        title = sentence(way, "lets outside staff operate the device")
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=title)
