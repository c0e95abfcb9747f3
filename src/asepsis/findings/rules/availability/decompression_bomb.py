"""A container unpacks to far more than it should.

## What it finds

An archive in the evidence that is built to fill memory or disk, or is nested beyond all use.

## Why it matters for a patient

A device or service computer that unpacks such a file as an update or import stops working. Somebody put it there, or
the file was damaged.

## How it decides

Unpacking reached its limits on a container whose shape is that of a bomb. It states no path: who can hand the file to
a device is not known.

## When it stays silent

Containers that unpack within the limits.

## When it cannot tell

When containers were not looked at, or parts of the evidence could not be opened.

## References

CWE-409, CWE-400
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.words import named, short
from asepsis.model.facts import Confidence, HostileContainer
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="decompression_bomb",
    title="Container that unpacks without end",
    summary="A file in the evidence is built to fill memory or disk when it is unpacked.",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(409,),
    needs=(HostileContainer,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-409", "CWE-400"),
)

TRICKS = {"bomb": "unpacks to far more than its size", "nesting": "holds containers within containers without end"}


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every container with the shape of a bomb."""
    for container in facts.of(HostileContainer):
        if container.trick not in TRICKS:
            continue
        yield found(
            INFO,
            subject=f"{container.trick} {container.entry}".strip(),
            title=f"The container {named(container.where.member, 'without a name')} {TRICKS[container.trick]}",
            certainty=Certainty.PRESENT,
            confidence=Confidence.LIKELY,
            locations=[container.where],
            claims=(),
            shown_by=["unpacking it reached a limit"],
            facts=[short(container.detail, 160)] if container.detail else [],
        )
