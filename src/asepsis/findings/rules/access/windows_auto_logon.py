"""Windows logs itself in when it starts.

## What it finds

A Windows that logs an account in at start and asks nobody for a password (`AutoAdminLogon`, `AutoLogon`).

## Why it matters for a patient

Whoever stands in front of the device, or switches it off and on again, works as that account. Its password has to be
kept on the device for this, and is the same in every unit.

## How it decides

Settings that switch the log-on at start on are a finding; it is reached by touching the device. A password that is
kept for it is a finding of its own (`hard_coded_password`, `recoverable_secret`).

## When it stays silent

When the settings say that it is off. Where a screen is needed at once (a monitor at the bedside) the log-on is wanted;
then a narrow account and a shell that cannot be left are what counts, and this finding is the reminder.

## When it cannot tell

When services were not looked for, or parts of the evidence could not be opened.

## References

CWE-306, CWE-256, ATT&CK T0859, MDS2 AUTH-1
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.exposed import exposed, sentence, set_aside
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.ways_in import ways_in
from asepsis.model.facts import Service
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="windows_auto_logon",
    title="Log-on without a password at start",
    summary="Whoever switches the device on is logged in.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306,),
    needs=(Service,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-306", "CWE-256", "ATT&CK T0859", "MDS2 AUTH-1"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every log-on at start."""
    for way in ways_in(facts, "auto-logon"):
        yield set_aside(INFO, way) if way.exempt else exposed(INFO, way, title=sentence(way, "logs itself in at start and asks nobody"))
