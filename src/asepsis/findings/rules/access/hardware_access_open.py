"""A connector or a boot menu gives the device away.

## What it finds

Debug and service connectors (JTAG, SWD, serial boot console), removable memory and automatic USB actions that ask for
nothing.

## Why it matters for a patient

A few minutes alone with one unit are enough to read all it stores or to change its software. What is read there
(Wi-Fi keys, log-ins) works against all others.

## How it decides

A hardware access that asks for nothing is a finding, reached by touch; it gives what was read.

## When it stays silent

Accesses that ask for a password or key; those that are switched off or locked.

## When it cannot tell

When what it asks for is not known; when hardware accesses were not looked for, or parts of the evidence could not be
opened.

## References

CWE-1191, CWE-1299, CWE-1263, CAPEC-457, ATT&CK T0847, ICSMA-17-292-01, ICSMA-22-244-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Auth, Confidence, HardwareAccess, Zone
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="hardware_access_open",
    title="Connector that gives the device away",
    summary="Whoever holds the device can read or change it through a connector that asks for nothing.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(1191, 1299),
    needs=(HardwareAccess,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-1191", "CWE-1299", "CWE-1263", "CAPEC-457", "ATT&CK T0847", "ICSMA-17-292-01", "ICSMA-22-244-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every hardware access that asks for nothing."""
    for access in facts.of(HardwareAccess):
        if access.enabled is False:
            yield dismissed(
                INFO, Exemption.SWITCHED_OFF, f"{named(access.name, 'a connector')} is switched off: {short(access.detail, 80)}", access.where
            )
        elif access.auth is Auth.NONE:
            yield _open(facts, access)
        elif access.auth is Auth.UNKNOWN:
            yield NotAssessed(INFO.id, f"what {named(access.name, 'a connector')} asks for is not known ({place(access.where)})")
        else:
            yield dismissed(INFO, Exemption.PROTECTED, f"{named(access.name, 'a connector')} asks for a {access.auth.value}", access.where)


def _open(facts: Facts, access: HardwareAccess) -> Found:
    certainty, words = shown(facts, access.where)
    name = short(access.name)
    return found(
        INFO,
        subject=access.name,
        title=f"The connector {named(access.name, 'without a name')} gives {access.gives.value} of the device to whoever touches it",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[access.where],
        claims=[claim("service", THIS, name, Zone.TOUCH, Auth.NONE), claim("service_gives", THIS, name, access.gives)],
        shown_by=[words],
        facts=[short(access.detail, 160)] if access.detail else [],
    )
