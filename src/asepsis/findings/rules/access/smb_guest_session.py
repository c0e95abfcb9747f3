"""A Windows share lets strangers in as guests.

## What it finds

A Windows share that lets in somebody whom it does not know, as a guest.

## Why it matters for a patient

Images, reports and settings on the share are read, and often changed, by whoever reaches it.

## How it decides

A log-in that the server answered with success and the mark of a guest is a finding. What a guest may do there was not
looked at: it is taken to read records.

## When it stays silent

Log-ins as somebody, those that were refused, and nameless sessions, by which computers only ask for a list of shares.

## When it cannot tell

When no traffic was given.

## References

CWE-306, CWE-284, ATT&CK T0866, ATT&CK T0886
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.uses import by_server, observed, ways
from asepsis.findings.words import PROPOSAL, short
from asepsis.model.facts import Auth, ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="smb_guest_session",
    title="Windows share open to guests",
    summary="A file share of the device lets in whom it does not know.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(306, 284),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-306", "CWE-284", "ATT&CK T0866", "ATT&CK T0886"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every server with a guest."""
    for server, uses in by_server(facts, Use.GUEST).items():
        yield observed(
            facts,
            INFO,
            uses,
            title=f"The Windows share at {short(server)} lets in whom it does not know, as a guest",
            claims=ways(facts, uses, Auth.NONE),
            assumes=[f"A guest at {short(server)} is taken to read records there: what it may do was not seen {PROPOSAL}"],
        )
