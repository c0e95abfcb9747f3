"""The operating system is no longer mended.

## What it finds

An operating system or kernel whose maker has stopped giving security updates, or that nobody maintains any more.

## Why it matters for a patient

Flaws that become known are never repaired. Malware that closed hospitals used flaws of old Windows systems on
scanners and pumps; treatment waited until they were set up anew.

## How it decides

The release line's end of support is compared with the day of the assessment. If it has passed, the system is claimed
to be out of date and reachable from the device network; that this gives control is an assumption shown with every
path. Where no end is published and the release is old, it is reported in other words ("no evidence of support") and
opens no path.

## When it stays silent

Releases that are still supported on the day of the assessment.

## When it cannot tell

When no operating system was recognised, or its release is not in the table of ends of support (`--support` adds it);
when parts of the evidence could not be opened.

## References

CWE-1104, CWE-1329, ATT&CK T0866, ICSMA-17-215-01, ICSMA-20-049-01
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Found, NotAssessed, Outcome, RuleInfo, found
from asepsis.findings.support import ENDED, NOT_IN_TABLE, UNSUPPORTED_FOR_ALL_WE_KNOW, Support, support
from asepsis.findings.words import PROPOSAL, short
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, OperatingSystem, Zone
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="operating_system_out_of_support",
    title="Operating system that is no longer mended",
    summary="Security flaws of the operating system are no longer repaired.",
    weakness=Weakness.OUT_OF_DATE_SOFTWARE,
    cwe=(1104,),
    needs=(OperatingSystem,),
    fixed_by=("maker", "hospital"),
    since="0.1.0",
    references=("CWE-1104", "CWE-1329", "ATT&CK T0866", "ICSMA-17-215-01", "ICSMA-20-049-01"),
)


def check(facts: Facts, context: Context) -> Iterator[Outcome]:
    """Every operating system, compared with the table."""
    systems = facts.of(OperatingSystem)
    if not systems:
        yield NotAssessed(INFO.id, "no operating system was recognised")
    for (product, name, version), places in groupby(sorted(systems, key=_system), key=_system):
        found_at = tuple(places)
        state = support(context, product, name, version)
        if state.state in {ENDED, UNSUPPORTED_FOR_ALL_WE_KNOW}:
            yield _unsupported(found_at, state)
        else:
            unknown = state.state == NOT_IN_TABLE
            yield NotAssessed(INFO.id, state.words) if unknown else dismissed(INFO, Exemption.SUPPORTED, state.words, found_at[0].where)


def _system(fact: OperatingSystem) -> tuple[str, str, str]:
    """What makes two sightings one system."""
    return (fact.product, fact.name, fact.version)


def _unsupported(places: tuple[OperatingSystem, ...], state: Support) -> Found:
    system = places[0]
    label = f"{short(system.name)} {short(system.version)}".strip()
    ended = state.state == ENDED
    reach = f"{label} is taken to be reachable from the device network {PROPOSAL}"
    return found(
        INFO,
        subject=system.name,
        title=_title(label, state),
        certainty=Certainty.PRESENT,
        confidence=Confidence.CONFIRMED if ended else Confidence.LIKELY,
        locations=[place.where for place in places],
        claims=[claim("out_of_date", THIS, label, Zone.DEVICE_NETWORK)] if ended else [],
        shown_by=["read in the software"],
        facts=[state.words],
        assumes=[*state.assumes, *([reach] if ended else [])],
    )


def _title(label: str, state: Support) -> str:
    if state.abandoned:
        return f"Nobody maintains the operating system {label} any more"
    ended = state.state == ENDED
    return f"The operating system {label} is no longer supported" if ended else f"There is no evidence that the operating system {label} is supported"
