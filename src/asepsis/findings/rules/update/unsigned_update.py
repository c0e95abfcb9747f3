"""The device installs software without checking who made it.

## What it finds

An update mechanism that checks no signature.

## Why it matters for a patient

Whoever can hand in an update (on a USB stick, as the update server, on the network) replaces the software that doses,
paces or alarms.

## How it decides

An update mechanism read as not checking a signature is a finding; it is claimed from where an update can be handed
in. A checksum is no signature.

It is *enabled* if something that runs starts it (cron, a unit, a device event), and the finding says as whom.

## When it stays silent

Mechanisms that check a signature.

## When it cannot tell

When it is not known whether a signature is checked; when update mechanisms were not looked for, or parts of the
evidence could not be opened.

## References

CWE-347, CWE-494, CWE-345, CAPEC-186, ATT&CK T0839, ATT&CK T0857, ICSMA-19-164-01, ICSMA-25-030-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import used
from asepsis.findings.words import named, place, short, zone_words
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, UpdateMechanism
from asepsis.model.finding import Weakness

INFO = RuleInfo(
    id="unsigned_update",
    title="Update without a signature check",
    summary="The device installs whatever is handed to it as an update.",
    weakness=Weakness.UNSIGNED_UPDATE,
    cwe=(347, 494),
    needs=(UpdateMechanism,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-347", "CWE-494", "CWE-345", "CAPEC-186", "ATT&CK T0839", "ATT&CK T0857", "ICSMA-19-164-01", "ICSMA-25-030-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every update mechanism that checks no signature."""
    for update in facts.of(UpdateMechanism):
        name = named(update.name, "an update")
        if update.signature_checked is None:
            yield NotAssessed(INFO.id, f"whether {name} checks a signature is not known ({place(update.where)})")
        elif update.signature_checked:
            yield dismissed(INFO, Exemption.PROTECTED, f"{name} checks a signature", update.where)
        else:
            yield _unsigned(facts, update)


def _unsigned(facts: Facts, update: UpdateMechanism) -> Found:
    certainty, words = used(facts, update.where, update.started_by)
    return found(
        INFO,
        subject=update.name,
        title=f"The update mechanism {named(update.name, 'without a name')} installs software without checking who made it",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[update.where],
        claims=[claim("unsigned_update", THIS, short(update.name), update.zone)],
        shown_by=[words],
        facts=[f"an update can be handed in from {zone_words(update.zone)}"],
    )
