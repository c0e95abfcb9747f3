"""Security software is out of date or switched off.

## What it finds

Anti-virus or similar protection whose definitions are old, or that is switched off.

## Why it matters for a patient

Old definitions let malware through that others have long stopped. On the computer of a scanner it can change the
protocol or hold the images for ransom.

## How it decides

Definitions older than 30 days on the day of the assessment are a finding, and so is protection that is switched off;
`--support` sets another age, for one product or for all.
It is no flaw by itself: that malware which current protection would stop reaches the device and is started there is an
assumption, shown with every path. No path is built on it where other protection of the device is known to be on
and current.

## When it stays silent

Protection that is on and whose definitions are not older than that; protection that lets only listed programs run and
needs no definitions.

## When it cannot tell

When no security software was recognised (whether the device needs one cannot be told from that), or the date of its
definitions is not known, or whether allow-listing is switched on; when parts of the evidence could not be opened.

## References

CWE-693, CWE-1104, ICSMA-16-089-01, MDS2 MLDP-2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.words import PROPOSAL, listed, named, place, short
from asepsis.knowledge.stated_support import AgeLimit
from asepsis.model.claim import THIS, claim
from asepsis.model.device import ASSUMPTIONS, Mark
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, Protection, Zone
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="protection_out_of_date",
    title="Security software out of date",
    summary="The device's protection against malware is old or switched off.",
    weakness=Weakness.OUT_OF_DATE_SOFTWARE,
    cwe=(693,),
    needs=(Protection,),
    fixed_by=("hospital", "maker"),
    since="0.1.0",
    references=("CWE-693", "CWE-1104", "ICSMA-16-089-01", "MDS2 MLDP-2"),
)

WITHOUT_DEFINITIONS = frozenset({"allow-listing"})
"""Kinds of protection that let only known programs run: there is nothing that could be out of date."""


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every security software, by its state and the age of its definitions."""
    protections = facts.of(Protection)
    if not protections:
        yield NotAssessed(INFO.id, "no security software was recognised; whether the device needs one cannot be told from this evidence")
    guards = sorted({one.name for one in protections if _guards(one, protections, context)})
    told = {one.name for one in protections if one.enabled is False or one.definitions_date}
    for protection in protections:
        if protection.enabled is False or protection.definitions_date or protection.name not in told:
            yield _judged(protection, context, guards)


def _guards(one: Protection, every: Sequence[Protection], context: Context) -> bool:
    """It is shown to be current, and nothing says of the same product that it is off."""
    if any(other.enabled is False for other in every if other.name == one.name):
        return False
    if one.kind in WITHOUT_DEFINITIONS:
        return one.enabled is True
    return one.definitions_date is not None and (context.as_of - one.definitions_date).days <= context.knowledge.oldest_definitions(one.name).days


def _judged(protection: Protection, context: Context, guards: Sequence[str]) -> Outcome:
    name = named(protection.name, "security software")
    if protection.enabled is False:
        return _old(protection, f"The {short(protection.kind)} {name} is switched off", "switched off in its settings", Certainty.ENABLED, guards)
    if protection.kind in WITHOUT_DEFINITIONS:
        if protection.enabled is None:
            return NotAssessed(INFO.id, f"whether {name} is switched on is not known ({place(protection.where)})")
        return dismissed(INFO, Exemption.SUPPORTED, f"{name} knows no definitions that could be old", protection.where)
    if protection.definitions_date is None:
        return NotAssessed(INFO.id, f"the date of the definitions of {name} is not known ({place(protection.where)})")
    age = (context.as_of - protection.definitions_date).days
    limit = context.knowledge.oldest_definitions(protection.name)
    if age <= limit.days:
        stated = f" (at most {limit.days} days: {short(limit.source, 200)})" if limit.mark is Mark.USER else ""
        return dismissed(INFO, Exemption.SUPPORTED, f"the definitions of {name} are {max(age, 0)} days old{stated}", protection.where)
    day = protection.definitions_date.isoformat()
    title = f"The definitions of the {short(protection.kind)} {name} are {age} days old"
    return _old(protection, title, f"definitions of {day}", Certainty.PRESENT, guards, limit)


def _old(protection: Protection, title: str, words: str, certainty: Certainty, guards: Sequence[str], limit: AgeLimit | None = None) -> Found:
    others = [name for name in guards if name != protection.name]
    taken = [f"{limit.source} [{limit.mark.value}]"] if limit and limit.mark in ASSUMPTIONS else []
    stated = [f"at most {limit.days} days: {short(limit.source, 200)}"] if limit and limit.mark is Mark.USER else []
    assumed = f"malware that {short(protection.name)} would stop is taken to come from the device network {PROPOSAL}"
    return found(
        INFO,
        subject=protection.name,
        title=title,
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[protection.where],
        claims=() if others else [claim("unprotected", THIS, short(protection.name), Zone.DEVICE_NETWORK)],
        shown_by=[words],
        facts=[*stated, *([f"{listed(others)} protects it, so no path is built on it"] if others else [])],
        assumes=[*taken, *([] if others else [assumed])],
    )
