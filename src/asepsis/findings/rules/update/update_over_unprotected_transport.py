"""Updates travel unprotected.

## What it finds

An update mechanism that fetches software over a connection that is not protected (HTTP, TFTP, FTP).

## Why it matters for a patient

Whoever is on the way can hand the device another file. If the device checks no signature, that file becomes its
software; if it does, updates can still be held back so that known flaws stay open.

## How it decides

An update mechanism read as using an unprotected transport is a finding. Only where it is also read as checking no
signature is it claimed that software can be installed that way.

It is *enabled* if something that runs starts it (cron, a unit, a device event), and the finding says as whom.

## When it stays silent

Protected transports.

## When it cannot tell

When the transport is not known; when update mechanisms were not looked for, or parts of the evidence could not be
opened.

## References

CWE-494, CWE-319, CWE-300, CAPEC-187, ATT&CK T0862, ICSMA-18-058-01
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
    id="update_over_unprotected_transport",
    title="Update over an unprotected connection",
    summary="Software for the device travels so that it can be replaced on the way.",
    weakness=Weakness.UNSIGNED_UPDATE,
    cwe=(494, 319),
    needs=(UpdateMechanism,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-494", "CWE-319", "CWE-300", "CAPEC-187", "ATT&CK T0862", "ICSMA-18-058-01"),
)

_CHECKED = {
    True: "a signature is checked, so a replaced file is refused; updates can still be held back",
    False: "no signature is checked, so a replaced file is installed",
    None: "whether a signature is checked is not known",
}


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every update mechanism with an unprotected transport."""
    for update in facts.of(UpdateMechanism):
        name = named(update.name, "an update")
        if update.transport_protected is None:
            yield NotAssessed(INFO.id, f"whether the transport of {name} is protected is not known ({place(update.where)})")
        elif update.transport_protected:
            yield dismissed(INFO, Exemption.PROTECTED, f"the transport of {name} is protected", update.where)
        else:
            yield _unprotected(facts, update)


def _unprotected(facts: Facts, update: UpdateMechanism) -> Found:
    certainty, words = used(facts, update.where, update.started_by)
    unsigned = update.signature_checked is False
    return found(
        INFO,
        subject=update.name,
        title=f"Updates by {named(update.name, 'the device')} travel over an unprotected connection",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[update.where],
        claims=[claim("unsigned_update", THIS, short(update.name), update.zone)] if unsigned else [],
        shown_by=[words],
        facts=[f"an update can be handed in from {zone_words(update.zone)}", _CHECKED[update.signature_checked]],
    )
