"""Somebody on the internet operates something inside.

## What it finds

Sessions of remote control (Telnet, SSH, FTP, Remote Desktop, VNC, a web page, SMB, SNMP) that came from an address of
the internet and were answered.

## Why it matters for a patient

What the maker's engineer reaches from home, everybody on the internet reaches: they try passwords day and night.
Behind it are the settings of devices that treat patients.

## How it decides

A conversation that an address of the internet began with an address that the internet does not route, and that was
answered in one of these protocols, is a finding. The service is claimed to be reachable from the internet.

## When it stays silent

Conversations within the hospital, those that nobody answered, and those that somebody inside began.

## When it cannot tell

Where whoever recorded stood outside the address translation of the hospital, so that everybody has an address of the
internet; where the way in is inside an encrypted tunnel. When no traffic was given.

## References

CWE-749, CWE-923, ATT&CK T0822, ATT&CK T0883
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo
from asepsis.findings.uses import asked_by_outside, by_server, observed, ways
from asepsis.findings.ways_in import LABELS
from asepsis.findings.words import short
from asepsis.model.facts import ServiceUse, Use
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="session_from_outside",
    title="Remote session from the internet",
    summary="The device is operated from outside the hospital.",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(749, 923),
    needs=(ServiceUse,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-749", "CWE-923", "ATT&CK T0822", "ATT&CK T0883"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every service that answered somebody outside."""
    for server, uses in by_server(facts, Use.FROM_OUTSIDE).items():
        label = LABELS.get(uses[0].service, uses[0].service)
        yield observed(
            facts,
            INFO,
            uses,
            title=f"{label[0].upper()}{label[1:]} at {short(server)} is used from the internet",
            claims=ways(facts, uses),
            assumes=[asked_by_outside(uses)],
        )
