"""A recorded message works again.

## What it finds

A connection that takes the same message twice: no counter, no time stamp, no challenge.

## Why it matters for a patient

An attacker need not understand an order to repeat it. The bolus that was given once is given again; an old, healthy
reading covers today's.

## How it decides

A flow that was read as not protected against replay is a finding.

## When it stays silent

Flows that are protected.

## When it cannot tell

When it is not known; when flows were not looked for, or parts of the evidence could not be opened.

## References

CWE-294, CAPEC-60, ATT&CK T0855, ICSMA-16-279-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_claims, flow_facts
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place
from asepsis.model.facts import Confidence, Flow
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="flow_replayable",
    title="Recorded message that works again",
    summary="A message that was recorded once can be sent again and is obeyed.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(294,),
    needs=(Flow,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-294", "CAPEC-60", "ATT&CK T0855", "ICSMA-16-279-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every flow that takes a message twice."""
    for flow in facts.of(Flow):
        if flow.replay_protected is None:
            yield NotAssessed(INFO.id, f"whether {named(flow.name, 'a flow')} refuses repeated messages is not known ({place(flow.where)})")
        if flow.replay_protected is not False:
            continue
        certainty, words = shown(facts, flow.where)
        yield found(
            INFO,
            subject=flow.name,
            title=f"A recorded message on the connection {named(flow.name, 'without a name')} ({carries(flow)}) works again",
            certainty=certainty,
            confidence=Confidence.CONFIRMED,
            locations=[flow.where],
            claims=flow_claims(flow, "replayable"),
            shown_by=[words],
            facts=flow_facts(flow),
        )
