"""A serial console is on.

## What it finds

A log-in or shell on a serial connector of the board or case.

## Why it matters for a patient

Whoever has the device in hand for a few minutes, in a store room or after buying it second-hand, gets a command line,
takes out what is stored, or changes the software.

## How it decides

A serial console is a finding unless it is switched off. It is *enabled* if a start was seen, *reachable* if it was
seen listening or answering. Where neither a start nor a stop was seen it is only *present*; it is then taken to be
started, and that assumption is shown.

## When it stays silent

When its settings or start files say that it is switched off, or when it answers only on the device's own loopback
address.

## When it cannot tell

When only the kernel's command line names a serial line: its messages go there, and no log-in was seen. When services
were not looked for, or parts of the evidence could not be opened.

## References

CWE-1299, CWE-1191, CAPEC-457, ICSMA-18-179-01, ICSMA-24-319-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.findings.words import place
from asepsis.model.facts import Auth, Confidence, Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="serial_console",
    title="Serial console",
    summary="A connector on the device gives a log-in or a command line.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(1299,),
    needs=(Service,),
    fixed_by=("maker",),
    since="0.1.0",
    references=(
        "CWE-1299",
        "CWE-1191",
        "CAPEC-457",
        "ICSMA-18-179-01",
        "ICSMA-24-319-01",
    ),
)

NAMES = ("serial-console", "console", "getty")


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every serial console that is not switched off."""
    for way in ways_in(facts, *NAMES):
        if way.auth is Auth.UNKNOWN and way.confidence is Confidence.WEAK and not way.exempt:
            yield NotAssessed(INFO.id, f"{'; '.join(way.details)}: whether it offers a log-in was not seen ({place(way.locations[0])})")
            continue
        rest = "gives a command line without a log-in" if way.auth is Auth.NONE else "lets whoever holds the device log in"
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=sentence(way, rest))
