"""The battery can be drained from outside.

## What it finds

A radio link that can be woken without limit, or input that was seen to drain the battery.

## Why it matters for a patient

An implant's battery is changed by an operation. Drained early, it stops pacing or can no longer shock.

## How it decides

A radio link without a limit on waking up, or an observed drain, is a finding; it is claimed to stop the device in the
end.

## When it stays silent

Links that limit how often they can be woken.

## When it cannot tell

When it is not known whether waking up is limited; when radio links and malformed input were not looked at, or parts
of the evidence could not be opened.

## References

CWE-920, CWE-400, ATT&CK T0814, ICSMA-17-241-01, ICSMA-18-107-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short, zone_words
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Confidence, Gives, MalformedInputEffect, RadioLink, Zone
from asepsis.model.finding import Weakness
from asepsis.model.where import Where

INFO = RuleInfo(
    id="battery_drain_by_radio",
    title="Battery that can be drained from outside",
    summary="Whoever is in range can keep the device awake until its battery is empty.",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(920,),
    needs=(RadioLink, MalformedInputEffect),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-920", "CWE-400", "ATT&CK T0814", "ICSMA-17-241-01", "ICSMA-18-107-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every link that can be woken without limit, every drain that was seen."""
    for link in facts.of(RadioLink):
        if link.wake_up_unlimited:
            yield _drains(
                facts, link.technology, f"The {named(link.technology, 'radio')} link can be woken until the battery is empty", link.where, link.zone
            )
        elif link.wake_up_unlimited is None:
            what = named(link.technology, "radio")
            yield NotAssessed(INFO.id, f"whether waking the {what} link is limited is not known ({place(link.where)})")
    for effect in facts.of(MalformedInputEffect):
        if effect.outcome == "battery-drain":
            yield _drains(facts, effect.name, f"{named(effect.name, 'An input')} drains the battery", effect.where, effect.zone)


def _drains(facts: Facts, subject: str, title: str, where: Where, zone: Zone) -> Found:
    certainty, words = shown(facts, where)
    return found(
        INFO,
        subject=subject,
        title=title,
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[where],
        claims=[claim("vulnerable", THIS, f"battery-drain-{short(subject)}", zone, Gives.STOP)],
        shown_by=[words],
        facts=[f"sent from {zone_words(zone)}"],
    )
