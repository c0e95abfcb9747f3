"""Clinical traffic can be changed or invented by strangers.

## What it finds

A connection whose messages are not authenticated: on the way they can be changed unnoticed, or anybody's messages are
taken for the true sender's.

## Why it matters for a patient

A changed order gives another dose; an invented reading hides a heart attack or triggers the wrong treatment; a
silenced alarm calls nobody.

## How it decides

A flow read as not authenticated can be altered by whoever stands between; a flow whose receiver accepts strangers
believes invented messages. Both are findings; each is claimed only if it was read.

## When it stays silent

Flows that are authenticated and accept no strangers. Encryption without a check of the other side is not enough: it
is reported here.

## When it cannot tell

When neither is known; when flows were not looked for, or parts of the evidence could not be opened.

## References

CWE-306, CWE-345, CWE-300, CWE-295, CAPEC-94, ATT&CK T0830, ATT&CK T0856, ICSMA-17-009-01A, ICSMA-21-294-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_claims, flow_facts
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place
from asepsis.model.facts import Confidence, Flow
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="flow_without_authentication",
    title="Traffic that strangers can change or invent",
    summary="Nobody checks who sent a message, or whether it was changed on the way.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(306, 345),
    needs=(Flow,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=(
        "CWE-306",
        "CWE-345",
        "CWE-300",
        "CWE-295",
        "CAPEC-94",
        "ATT&CK T0830",
        "ATT&CK T0856",
        "ICSMA-17-009-01A",
        "ICSMA-21-294-01",
    ),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every flow that can be altered, or whose receiver believes strangers."""
    for flow in facts.of(Flow):
        if flow.authenticated is False or flow.accepts_strangers:
            yield _open(facts, flow)
        elif flow.authenticated is None:
            yield NotAssessed(INFO.id, f"whether {named(flow.name, 'a flow')} is authenticated is not known ({place(flow.where)})")


def _open(facts: Facts, flow: Flow) -> Found:
    certainty, words = shown(facts, flow.where)
    weak = {"alterable": flow.authenticated is False, "believes_strangers": bool(flow.accepts_strangers)}
    what = "is believed whoever sent it" if flow.accepts_strangers else "can be changed on the way unnoticed"
    return found(
        INFO,
        subject=flow.name,
        title=f"What the connection {named(flow.name, 'without a name')} carries ({carries(flow)}) {what}",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[flow.where],
        claims=flow_claims(flow, *(weakness for weakness, there in weak.items() if there)),
        shown_by=[words],
        facts=flow_facts(flow),
        cwe=(300, 345) if flow.encrypted and not flow.accepts_strangers else (),
    )
