"""A recorded radio command works again.

## What it finds

A radio link that takes the same command twice.

## Why it matters for a patient

A recording of one bolus, made from the next room, gives the next bolus. This was shown on real insulin pumps and
ended in a recall.

## How it decides

A radio link that was read as not protected against replay is a finding.

## When it stays silent

Links with a counter or challenge that was seen to work.

## When it cannot tell

When it is not known; when radio links were not looked for, or parts of the evidence could not be opened.

## References

CWE-294, CAPEC-60, ATT&CK T0855, ICSMA-18-219-02, ICSMA-21-012-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_claims, flow_facts, session_assumption
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place
from asepsis.model.facts import Confidence, RadioLink
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="radio_link_replayable",
    title="Recorded radio command that works again",
    summary="A radio command that was recorded once can be sent again and is obeyed.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(294,),
    needs=(RadioLink,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-294", "CAPEC-60", "ATT&CK T0855", "ICSMA-18-219-02", "ICSMA-21-012-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every radio link that takes a command twice."""
    for link in facts.of(RadioLink):
        if link.replay_protected is None:
            what = named(link.technology, "radio")
            yield NotAssessed(INFO.id, f"whether the {what} link refuses repeated commands is not known ({place(link.where)})")
        if link.replay_protected is not False:
            continue
        certainty, words = shown(facts, link.where)
        yield found(
            INFO,
            subject=link.technology,
            title=f"A recorded message on the {named(link.technology, 'radio')} link ({carries(link)}) works again",
            certainty=certainty,
            confidence=Confidence.CONFIRMED,
            locations=[link.where],
            claims=flow_claims(link, "replayable"),
            shown_by=[words],
            facts=flow_facts(link),
            assumes=session_assumption(link),
        )
