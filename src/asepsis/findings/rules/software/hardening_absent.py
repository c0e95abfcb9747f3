"""A usual safeguard is missing.

## What it finds

Safeguards of programs and of the system that were looked for and are not there: stack protection, a watchdog,
password length, lock-out.

## Why it matters for a patient

A missing safeguard harms nobody by itself, but makes other flaws easier to use, or keeps the device down after a
crash.

## How it decides

A hardening setting that was read as absent is a finding. No path is built on it.

## When it stays silent

Settings that are present.

## When it cannot tell

When hardening was not looked for, or parts of the evidence could not be opened.

## References

CWE-693, CWE-1188, ATT&CK M0942
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotFound, Outcome, RuleInfo, found
from asepsis.findings.words import named, place
from asepsis.model.facts import Confidence, Hardening
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="hardening_absent",
    title="Missing safeguard",
    summary="A safeguard that such software usually has is not there.",
    weakness=Weakness.MISSING_HARDENING,
    cwe=(693,),
    needs=(Hardening,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-693", "CWE-1188", "ATT&CK M0942"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every safeguard that is absent."""
    for setting in facts.of(Hardening):
        if setting.present:
            yield NotFound(INFO.id, (f"{named(setting.name, 'a safeguard')} is there ({place(setting.where)})",))
            continue
        of_what = f" of {named(setting.subject, 'without a name')}" if setting.subject else ""
        yield found(
            INFO,
            subject=f"{setting.name} {setting.subject}".strip(),
            title=f"The safeguard {named(setting.name, 'without a name')}{of_what} is missing",
            certainty=Certainty.PRESENT,
            confidence=Confidence.CONFIRMED,
            locations=[setting.where],
            claims=(),
            shown_by=["read in the software"],
        )
