"""A verdict on a flaw and a part, from those who settle it: a source of the flaw, the evidence, or the maker of the device.

A claim never outweighs evidence. Where the two contradict each other the flaw stays open, and both are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from asepsis.findings.flaws.claims import Weighed
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


def by_maker(claims: Sequence[Weighed]) -> tuple[Verdict | None, tuple[str, ...]]:
    """What the makers settle, and everything they say: one who keeps the flaw open outweighs all who close it.

    The verdict is None if what they say settles nothing; then it is told beside whatever else is known.
    """
    ranked = sorted(claims, key=lambda one: _ORDER.index(one.claim.status))
    said = tuple(_words(one) for one in ranked)
    counting = [one.claim for one in ranked if not one.lacks]
    if not counting or counting[0].status is VexStatus.UNDER_INVESTIGATION:
        return None, said
    first = counting[0]
    disagree = not first.status.closes and any(claim.status.closes for claim in counting)
    told = (*said, "they contradict each other: the one that keeps the flaw open counts") if disagree else said
    return Verdict(first.status, "maker", first.justification, told), said


def against_maker(closed: Verdict, claims: Sequence[Weighed]) -> Verdict:
    """What evidence or a source closed, unless a maker says of exactly this part that it is affected: then somebody has to look."""
    affected = [one for one in claims if one.claim.status is VexStatus.AFFECTED and one.exact and not one.lacks]
    if not affected:
        return closed
    return Verdict(VexStatus.UNDER_INVESTIGATION, "nobody", None, (*closed.against, *(f"but {_words(one)}" for one in affected)))


_ORDER = (VexStatus.AFFECTED, VexStatus.UNDER_INVESTIGATION, VexStatus.NOT_AFFECTED, VexStatus.FIXED)


def _words(one: Weighed) -> str:
    lacks = f", which closes nothing here: {one.lacks}" if one.lacks and one.claim.status.closes else f", {one.lacks}" if one.lacks else ""
    return f"{_said(one.claim)}{lacks}"


def _said(claim: VexClaim) -> str:
    who = short(claim.said_by) or "the author of the document"
    why = f", {claim.justification.value.replace('_', ' ')}" if claim.justification else ""
    of = f" of {short(claim.product)}" if claim.product else ""
    more = f": {short(claim.detail, 200)}" if claim.detail else ""
    return f"{who} says {claim.status.value.replace('_', ' ')}{why}{of}{more} ({place(claim.where)})"
