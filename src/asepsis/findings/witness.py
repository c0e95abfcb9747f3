"""What the kind of evidence proves: a file shows that a thing is there, a capture that it is in use, an answering device that it works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from asepsis.findings.rule import Facts
from asepsis.findings.words import short
from asepsis.model.evidence import EvidenceKind
from asepsis.model.facts import Confidence
from asepsis.model.finding import Certainty
from asepsis.model.where import Where

_OF_ONE_UNIT = frozenset({EvidenceKind.PCAP, EvidenceKind.NETLOG, EvidenceKind.BTSNOOP, EvidenceKind.TARGET})
_SHOWN = {
    EvidenceKind.PCAP: (Certainty.REACHABLE, "seen in recorded traffic"),
    EvidenceKind.NETLOG: (Certainty.REACHABLE, "seen by a network monitor"),
    EvidenceKind.BTSNOOP: (Certainty.REACHABLE, "seen in recorded radio traffic"),
    EvidenceKind.TARGET: (Certainty.DEMONSTRATED, "the device itself answered so"),
}
DOCUMENTS = frozenset({EvidenceKind.DESIGN, EvidenceKind.MDS2, EvidenceKind.SBOM, EvidenceKind.VEX})
"""The kinds of evidence that only state things: reading them is no look at the device."""

T = TypeVar("T")


def shown(facts: Facts, where: Where) -> tuple[Certainty, str]:
    """How certain a fact read at ``where`` makes a finding, and the words for it."""
    kind = facts.kind_of(where)
    if kind is EvidenceKind.DESIGN:
        return Certainty.DECLARED, "stated in the declared design, which nobody compared with the device"
    if kind in DOCUMENTS:
        return Certainty.PRESENT, f"stated in the {kind.value} document, not tried"
    return _SHOWN.get(kind, (Certainty.PRESENT, "read in the software; whether it is in use was not seen"))


def used(facts: Facts, where: Where, started_by: str) -> tuple[Certainty, str]:
    """How certain a mechanism read at ``where`` is in use: one that something starts is switched on."""
    certainty, words = shown(facts, where)
    if not started_by:
        return certainty, words
    return most_certain((certainty, Certainty.ENABLED)), f"started by {short(started_by, 200)}"


def as_shipped(facts: Facts, where: Where) -> bool:
    """Whether what lies at ``where`` is part of the product (an image, a design), not of one unit (a capture, an answer)."""
    return facts.kind_of(where) not in _OF_ONE_UNIT


def most_certain(steps: Iterable[Certainty]) -> Certainty:
    """The highest of them; present if there are none."""
    return max(steps, key=lambda step: step.level, default=Certainty.PRESENT)


def surest(confidences: Iterable[Confidence]) -> Confidence:
    """The best of them; likely if there are none."""
    order = list(Confidence)
    return min(confidences, key=order.index, default=Confidence.LIKELY)


def unique(things: Iterable[T]) -> tuple[T, ...]:
    """Without repeats, in the order they came."""
    return tuple(dict.fromkeys(things))
