"""Windows' Remote Desktop is on.

## What it finds

The Remote Desktop service (RDP) of Windows, where connections are let in.

## Why it matters for a patient

Whoever logs in sees the screen of the device and uses its keyboard, as if standing in front of it. Remote Desktop has
had flaws that needed no password at all, and is how ransomware most often got into hospitals.

## How it decides

A Remote Desktop service is a finding unless it is switched off. It is *enabled* if its settings let connections in,
*reachable* if it was seen listening or answering. Where its settings do not say so it is only *present*; it is then
taken to be started, and that assumption is shown.

## When it stays silent

When its settings refuse connections, or when it answers only on the device's own loopback address.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-749, ATT&CK T0886, CVE-2019-0708, CISA KEV
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="remote_desktop_service",
    title="Remote Desktop",
    summary="The device's screen and keyboard can be used over the network.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(749,),
    needs=(Service,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-749", "ATT&CK T0886", "CVE-2019-0708", "CISA KEV"),
)

NAMES = ("rdp", "remote-desktop")


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every Remote Desktop service that is not switched off."""
    for way in ways_in(facts, *NAMES):
        title = sentence(way, "shows the device's screen and takes its keyboard over the network")
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=title)
