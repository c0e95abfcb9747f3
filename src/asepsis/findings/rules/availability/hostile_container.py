"""A container tries to write where it must not.

## What it finds

An archive entry that leaves its folder, names an absolute path, hides behind a link, or makes a device node.

## Why it matters for a patient

An unpacker without care lets such a file replace programs of the device or of the service computer. In an image from
a maker it is at least unexplained.

## How it decides

The unpacking refused the entry and said why. It states no path: who can hand the file to a device is not known.

## When it stays silent

Containers whose entries stay inside. Device nodes in a root file system are usual and not reported.

## When it cannot tell

When containers were not looked at, or parts of the evidence could not be opened.

## References

CWE-22, CWE-59, CWE-36
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import Context, Facts, Outcome, RuleInfo, found
from asepsis.findings.words import named, short
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Confidence, HostileContainer
from asepsis.model.finding import Certainty, Weakness

INFO = RuleInfo(
    id="hostile_container",
    title="Container that writes where it must not",
    summary="A file in the evidence tries to write outside its own folder when it is unpacked.",
    weakness=Weakness.UNDECLARED_BEHAVIOUR,
    cwe=(22,),
    needs=(HostileContainer,),
    fixed_by=("maker",),
    since="0.1.0",
    references=("CWE-22", "CWE-59", "CWE-36"),
)

_TRICKS = {
    "path-traversal": ("leaves its folder", 22),
    "absolute-path": ("names an absolute path", 36),
    "link-escape": ("goes through a link to a place outside", 59),
}


def check(facts: Facts, _context: Context) -> Iterator[Outcome]:
    """Every entry that tried to leave its container."""
    for container in facts.of(HostileContainer):
        if container.trick == "device-node":
            yield dismissed(INFO, Exemption.HARMLESS, "a device node, usual in a root file system", container.where)
        elif container.trick in _TRICKS:
            what, cwe = _TRICKS[container.trick]
            yield found(
                INFO,
                subject=f"{container.trick} {container.entry}".strip(),
                title=f"The entry {named(container.entry, 'without a name')} of {named(container.where.member, 'a container')} {what}",
                certainty=Certainty.PRESENT,
                confidence=Confidence.CONFIRMED,
                locations=[container.where],
                claims=(),
                shown_by=["unpacking refused it"],
                facts=[short(container.detail, 160)] if container.detail else [],
                cwe=(cwe,),
            )
