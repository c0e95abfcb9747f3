"""Settings or software are moved by TFTP.

## What it finds

Files that are called like settings or software and are fetched or put by TFTP, which neither encrypts nor asks who it
is.

## Why it matters for a patient

A device that takes its settings so believes whoever answers first: limits of alarms, addresses, a whole program.
Passwords in the file are read by whoever listens.

## How it decides

A request whose file name ends like settings (`.cfg`, `.xml` …) or software (`.bin`, `.img` …) is a finding; the name
itself is not kept. It is *likely*: the transfer itself was not followed.

## When it stays silent

Requests that nobody sent in what was recorded.

## When it cannot tell

When the name of a file says nothing of what it is for; when no traffic was given.

## References

CWE-319, CWE-494, CAPEC-94, ATT&CK T0830, ATT&CK T0842
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo
from asepsis.findings.uses import by_server, observed, sent
from asepsis.findings.words import listed, short
from asepsis.model.facts import Confidence, ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="configuration_over_tftp",
    title="Settings or software moved by TFTP",
    summary="The device fetches what it is told to do from whoever answers first.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(319, 494),
    needs=(ServiceUse,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-319", "CWE-494", "CAPEC-94", "ATT&CK T0830", "ATT&CK T0842"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server whose files were asked for."""
    for server, uses in by_server(facts, Use.FILE).items():
        telling = tuple(one for one in uses if not one.detail.endswith(" file"))
        if not telling:
            yield NotAssessed(INFO.id, f"a file was moved by TFTP at {short(server)}; its name does not say what it is for")
            continue
        kinds = listed(sorted({one.detail.partition(" ")[2] for one in telling}))
        yield observed(
            facts,
            INFO,
            telling,
            title=f"TFTP at {short(server)} moves {kinds}, readable and for whoever asks",
            claims=sent(telling, f"tftp {kinds} at {server}", "readable", "alterable"),
            confidence=Confidence.LIKELY,
        )
