"""A radio link of the device is not protected.

## What it finds

A radio link (Bluetooth, inductive, 400 MHz medical band, proprietary) that is not encrypted or takes commands from
anybody.

## Why it matters for a patient

The link reaches into the body: settings of a pacemaker, a bolus of an insulin pump. Whoever is within range, without
touching anything, reads or changes them.

## How it decides

Not encrypted: it can be read. Not authenticated: it can be altered, and the device believes strangers. Each is
claimed only if it was read. A link that must first be opened close by is attacked while somebody has it open; that
assumption is shown.

## When it stays silent

Links that are encrypted and authenticated. A checksum, an identification number or a name is no authentication.

## When it cannot tell

When it is not known; when radio links were not looked for, or parts of the evidence could not be opened.

## References

CWE-306, CWE-311, CWE-319, CWE-287, CAPEC-117, ATT&CK T0860, ICSMA-19-080-01, ICSMA-17-241-01, ICSMA-26-148-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_claims, flow_facts, session_assumption
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place
from asepsis.model.facts import Confidence, RadioLink
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="radio_link_unprotected",
    title="Unprotected radio link",
    summary="Whoever is within radio range can read or command the device.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(306, 319),
    needs=(RadioLink,),
    fixed_by=("maker",),
    since="0.1.0",
    references=(
        "CWE-306",
        "CWE-311",
        "CWE-319",
        "CWE-287",
        "CAPEC-117",
        "ATT&CK T0860",
        "ICSMA-19-080-01",
        "ICSMA-17-241-01",
        "ICSMA-26-148-01",
    ),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every radio link that is not encrypted or not authenticated."""
    for link in facts.of(RadioLink):
        if link.encrypted is False or link.authenticated is False:
            yield _unprotected(facts, link)
        elif link.encrypted is None or link.authenticated is None:
            yield NotAssessed(INFO.id, f"how the {named(link.technology, 'radio')} link is protected is not known ({place(link.where)})")


def _unprotected(facts: Facts, link: RadioLink) -> Found:
    certainty, words = shown(facts, link.where)
    open_to_all = link.authenticated is False
    weaknesses = ["readable"] * (link.encrypted is False) + ["alterable", "believes_strangers"] * open_to_all
    what = "is taken from anybody in range" if open_to_all else "can be read by anybody in range"
    return found(
        INFO,
        subject=link.technology,
        title=f"What the {named(link.technology, 'radio')} link carries ({carries(link)}) {what}",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[link.where],
        claims=flow_claims(link, *weaknesses),
        shown_by=[words],
        facts=flow_facts(link),
        assumes=session_assumption(link),
        cwe=() if open_to_all else (319, 311),
    )
