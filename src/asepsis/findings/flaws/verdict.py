"""A verdict on a flaw and a part, from those who settle it: a source of the flaw, or the maker of the device."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from asepsis.findings.words import place, short
from asepsis.model.facts import VexClaim
from asepsis.model.software import Justification, VexStatus


class Verdict(NamedTuple):
    """The status, who decided it, why the part is not affected if it is not, and the sentences that say so."""

    status: VexStatus
    decided_by: str
    justification: Justification | None = None
    against: tuple[str, ...] = ()


def by_source(mended: str) -> Verdict:
    """A source of the flaw says that this version is mended; ``mended`` is what it says."""
    return Verdict(VexStatus.FIXED, "source", None, (mended,))


def by_maker(claims: Iterable[VexClaim]) -> Verdict | None:
    """What the maker says, the worst of it if they contradict each other; None if they say nothing that settles it.

    A part that was read in the device is present: a claim that it is not there counts for nothing, and is told.
    """
    order = (VexStatus.AFFECTED, VexStatus.UNDER_INVESTIGATION, VexStatus.NOT_AFFECTED, VexStatus.FIXED)
    ranked = sorted(claims, key=lambda claim: order.index(claim.status))
    if not ranked:
        return None
    worst = ranked[0]
    said = tuple(_words(claim) for claim in ranked)
    if worst.status is VexStatus.NOT_AFFECTED and worst.justification is Justification.COMPONENT_NOT_PRESENT:
        return Verdict(VexStatus.UNDER_INVESTIGATION, "nobody", None, (*said, "but the part was read in the device"))
    return Verdict(worst.status, "maker", worst.justification, said)


def _words(claim: VexClaim) -> str:
    who = short(claim.said_by) or "the author of the document"
    why = f", {claim.justification.value.replace('_', ' ')}" if claim.justification else ""
    more = f": {short(claim.detail, 200)}" if claim.detail else ""
    return f"{who} says {claim.status.value.replace('_', ' ')}{why}{more} ({place(claim.where)})"
