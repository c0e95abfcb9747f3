"""One key opens the radio of every unit.

## What it finds

A radio link whose key is the same in every unit of the model.

## Why it matters for a patient

Whoever reads the key out of one unit, of a programmer that was thrown away or of a copy of the software, can command
every patient's device within range. Changing one unit's key helps nobody.

## How it decides

A radio link that is declared or was seen to use one key for all units is a finding. The key counts as readable out of
another unit, and as accepted by the link.

## When it stays silent

Links whose key belongs to one unit or to one pair of devices, and links without a key (`radio_link_unprotected`).

## When it cannot tell

When it is not known who shares the key; when radio links were not looked for; when only a declared design says so,
since nobody looked at the device.

## References

CWE-321, CWE-1394, CAPEC-191, ATT&CK T0891, ICSMA-17-292-01, ICSMA-21-012-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.traffic import carries, flow_facts, flow_id
from asepsis.findings.witness import shown
from asepsis.findings.words import PROPOSAL, named, place
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Auth, Confidence, RadioLink
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind

INFO = RuleInfo(
    id="radio_key_same_in_every_unit",
    title="Radio key that is the same in every unit",
    summary="One key, read out of any unit, opens the radio of all.",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(321, 1394),
    needs=(RadioLink,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-321", "CWE-1394", "CAPEC-191", "ATT&CK T0891", "ICSMA-17-292-01", "ICSMA-21-012-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every radio link with one key for all."""
    for link in facts.of(RadioLink):
        if link.one_key_for_all:
            yield _shared(facts, link)
        elif link.one_key_for_all is None and (link.authenticated or link.encrypted):
            yield NotAssessed(INFO.id, f"who shares the key of the {named(link.technology, 'radio')} link is not known ({place(link.where)})")


def _shared(facts: Facts, link: RadioLink) -> Found:
    certainty, words = shown(facts, link.where)
    service, secret = flow_id(link), f"key of {flow_id(link)}"
    return found(
        INFO,
        subject=link.technology,
        title=f"The key of the {named(link.technology, 'radio')} link ({carries(link)}) is the same in every unit",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[link.where],
        claims=[
            claim("secret", THIS, secret, SecretKind.KEY, SecretForm.RECOVERABLE),
            claim("same_in_every_unit", THIS, secret),
            claim("accepts", THIS, secret, service),
            claim("service", THIS, service, link.zone, Auth.KEY),
            claim("service_gives", THIS, service, link.effect),
        ],
        shown_by=[words],
        facts=flow_facts(link),
        assumes=[f"The key of the {named(link.technology, 'radio')} link is taken to be readable out of a unit or a copy of its software {PROPOSAL}"],
    )
