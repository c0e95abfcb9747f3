"""The device accepts older versions of its software.

## What it finds

An update mechanism that does not refuse software older than the installed one.

## Why it matters for a patient

An attacker hands in an old, properly signed version whose flaws are public, and uses those.

## How it decides

An update mechanism read as accepting older versions is a finding. No path is built on it: what the older version's
flaws give is not known.

## When it stays silent

Mechanisms that refuse older versions.

## When it cannot tell

When it is not known; when update mechanisms were not looked for, or parts of the evidence could not be opened.

## References

CWE-1328, CAPEC-186, IEC 62443-4-2 EDR 3.10
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, UpdateMechanism
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="older_version_accepted",
    title="Older software accepted",
    summary="The device can be set back to a version with known flaws.",
    weakness=Weakness.UNSIGNED_UPDATE,
    cwe=(1328,),
    needs=(UpdateMechanism,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-1328", "CAPEC-186", "IEC 62443-4-2 EDR 3.10"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every update mechanism that goes back."""
    for update in facts.of(UpdateMechanism):
        name = named(update.name, "an update")
        if update.rollback_refused is None:
            yield NotAssessed(INFO.id, f"whether {name} refuses older versions is not known ({place(update.where)})")
        elif update.rollback_refused:
            yield dismissed(INFO, Exemption.PROTECTED, f"{name} refuses older versions", update.where)
        else:
            certainty, words = shown(facts, update.where)
            yield found(
                INFO,
                subject=update.name,
                title=f"The update mechanism {named(update.name, 'without a name')} accepts older versions",
                certainty=certainty,
                confidence=Confidence.CONFIRMED,
                locations=[update.where],
                claims=(),
                shown_by=[words],
            )
