"""The device obeys every programmer of its kind.

## What it finds

A device that takes orders from any unit of a programmer, remote control or monitor, whoever holds it.

## Why it matters for a patient

Programmers and remotes are sold, lent and stolen. Where the unit itself is the key, whoever has bought one sets the
therapy of every patient within range.

## How it decides

A part of the system that commands the device, of which it is declared that any unit is obeyed, is a finding. It is
claimed from the range of the link between the two.

## When it stays silent

Parts that were paired with this one device, and parts that command nothing.

## When it cannot tell

When it is not declared whether any unit is obeyed; when the other parts of the system are not known; when only a
declared design says so, since nobody looked at the device.

## References

CWE-287, CWE-862, ATT&CK T0848, ICSMA-19-080-01, ICSMA-19-178-01
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.witness import shown
from asepsis.findings.words import named, place, short, zone_words
from asepsis.model.claim import THIS, claim
from asepsis.model.facts import Confidence, SystemPart, Zone
from asepsis.model.finding import Weakness
from asepsis.model.system import DEVICE

INFO = RuleInfo(
    id="any_programmer_obeyed",
    title="Any programmer is obeyed",
    summary="Whoever holds another programmer or remote of this kind can command the device.",
    weakness=Weakness.UNAUTHENTICATED_INTERFACE,
    cwe=(287, 862),
    needs=(SystemPart,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-287", "CWE-862", "ATT&CK T0848", "ICSMA-19-080-01", "ICSMA-19-178-01"),
)


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every part that commands the device and of which any unit does."""
    for part in facts.of(SystemPart):
        if DEVICE not in part.commands:
            continue
        if part.any_unit_obeyed is None:
            yield NotAssessed(INFO.id, f"whether the device obeys any unit of {named(part.name, 'a part')} is not known ({place(part.where)})")
        elif part.any_unit_obeyed:
            yield _obeyed(facts, part, part.zone or Zone.TOUCH)


def _obeyed(facts: Facts, part: SystemPart, zone: Zone) -> Found:
    certainty, words = shown(facts, part.where)
    return found(
        INFO,
        subject=part.name,
        title=f"The device obeys any unit of {named(part.name, 'a part of its system')}, whoever holds it",
        certainty=certainty,
        confidence=Confidence.CONFIRMED,
        locations=[part.where],
        claims=[claim("obeys_any_unit", THIS, short(part.name), zone)],
        shown_by=[words],
        facts=[f"within {zone_words(zone)}", f"it is a {short(part.kind)}"],
    )
