"""Clinical traffic is sent in clear.

## What it finds

A connection of the device that is not encrypted.

## Why it matters for a patient

Whoever is on the network reads the patient's data and the passwords, and learns how orders look. It is the first step
to changing them.

## How it decides

A flow that was read as unencrypted is a finding. Traffic that was recorded makes it *reachable*; a setting alone
makes it *present*.

## When it stays silent

Flows that are encrypted. A conformance claim to IHE, HL7 or DICOM is no reason: none of them demands encryption.

## When it cannot tell

When it is not known whether a flow is encrypted; when flows were not looked for, or parts of the evidence could not
be opened.

## References

CWE-319, CWE-311, CAPEC-158, ATT&CK T0842, ICSMA-20-170-03, ICSMA-16-279-01
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
    id="flow_in_clear",
    title="Traffic sent in clear",
    summary="What the device sends or receives can be read by whoever is on the network.",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(319, 311),
    needs=(Flow,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-319", "CWE-311", "CAPEC-158", "ATT&CK T0842", "ICSMA-20-170-03", "ICSMA-16-279-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every flow that is not encrypted."""
    for flow in facts.of(Flow):
        if flow.encrypted is None:
            yield NotAssessed(INFO.id, f"whether {named(flow.name, 'a flow')} is encrypted is not known ({place(flow.where)})")
        if flow.encrypted is not False:
            continue
        certainty, words = shown(facts, flow.where)
        yield found(
            INFO,
            subject=flow.name,
            title=f"The connection {named(flow.name, 'without a name')} carries {carries(flow)} in clear",
            certainty=certainty,
            confidence=Confidence.CONFIRMED,
            locations=[flow.where],
            claims=flow_claims(flow, "readable"),
            shown_by=[words],
            facts=flow_facts(flow),
        )
