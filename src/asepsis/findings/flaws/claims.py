"""What makers say of a flaw and a part (VEX): which of it speaks of this part of this device, and which of that may close a match.

A word that keeps a flaw open counts as soon as it speaks of the part. One that closes it counts only if it names an author, a reason and exactly this
part: a name for all versions, a product that nothing shows this device to be, a reason that the evidence contradicts, a statement that its author
has replaced since, are told and close nothing (the rules of *Minimum Requirements for VEX*, CISA 2023, read cautiously). Nor does what does not
count take back what its author said before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from packageurl import PackageURL

from asepsis.findings.flaws.part import Part
from asepsis.knowledge.vulnerabilities.names import purl_key, purl_version
from asepsis.model.cpe import ANY, parse_cpe
from asepsis.model.facts import Component, VexClaim
from asepsis.model.software import Justification, VexStatus

Contradicts = Callable[[Justification | None], str]
"""Says what the evidence shows against a reason for "not affected"; empty if nothing."""


class Weighed(NamedTuple):
    """A claim about a part, whether it names exactly this part, and why it does not count (empty if it does)."""

    claim: VexClaim
    exact: bool
    lacks: str = ""


class Claims:
    """All claims of one study, by the flaw that they speak of. ``evidence`` are the digests of what was given: of the device itself."""

    def __init__(self, claims: Iterable[VexClaim], evidence: Collection[str] = ()) -> None:
        """Index by id and by every alias."""
        self._evidence = frozenset(evidence)
        self._by_id: dict[str, list[VexClaim]] = {}
        for claim in claims:
            for name in dict.fromkeys((claim.vulnerability, *claim.aliases)):
                self._by_id.setdefault(name, []).append(claim)

    def about(self, ids: Iterable[str], part: Part, contradicts: Contradicts = lambda _reason: "") -> tuple[Weighed, ...]:
        """What is said of a flaw, under any of its ids, and this part."""
        said = {repr(claim): claim for name in ids for claim in self._by_id.get(name, ())}
        speaking = [claim for _, claim in sorted(said.items()) if self._speaks_of(claim, part)]
        ours = [self._weighed(claim, part, contradicts) for claim in speaking if not self._is_another_product(claim)]
        elsewhere = [claim for claim in speaking if self._is_another_product(claim)]
        return (*(one._replace(lacks=one.lacks or self._replaced(one, ours)) for one in ours), *_told_once(elsewhere))

    def _speaks_of(self, claim: VexClaim, part: Part) -> bool:
        """By digest, package URL, CPE name, then name and version; a claim that names no part speaks of the whole device."""
        if self._is_this_device(claim) or _digests(part).intersection(claim.sha256):
            return True
        if claim.purl and not _is_generic(claim.purl):
            return any(_same_package(claim.purl, ours) for ours in part.purls)
        if claim.cpe:
            return _same_cpe(claim, part)
        if not claim.component:
            return not claim.purl and not claim.sha256
        names = {said.name.lower() for said in part.said} | {part.name.lower()}
        return claim.component.lower() in names and claim.version in {"", *_versions(part)}

    def _weighed(self, claim: VexClaim, part: Part, contradicts: Contradicts) -> Weighed:
        """By itself, whatever else its author says."""
        exact = self._is_exact(claim, part)
        return Weighed(claim, exact, _lacks(claim, exact, contradicts) if claim.status.closes else "")

    def _replaced(self, old: Weighed, others: Iterable[Weighed]) -> str:
        """Whether the same author has said something newer about the same thing since, and that counts by itself."""
        newest = max((one.claim.stated for one in others if not one.lacks and self._replaces(one, old)), default="")
        return f"its author said something newer on {newest[:10]}" if newest else ""

    def _replaces(self, new: Weighed, old: Weighed) -> bool:
        """Of all products, of the same one, or of this very device; what names the part exactly gives way only to what does too."""
        newer = bool(old.claim.said_by) and new.claim.said_by == old.claim.said_by and bool(old.claim.stated) and new.claim.stated > old.claim.stated
        same = not _product(new.claim) or _product(new.claim) == _product(old.claim)
        ours = not self._evidence.isdisjoint((*new.claim.product_sha256, *new.claim.sha256))
        return newer and new.exact >= old.exact and (same or ours)

    def _is_exact(self, claim: VexClaim, part: Part) -> bool:
        if self._is_this_device(claim) or _digests(part).intersection(claim.sha256):
            return True
        if claim.purl and not _is_generic(claim.purl):
            return bool(purl_version(claim.purl))
        if claim.cpe:
            name = parse_cpe(claim.cpe)
            return bool(name and name.release) or bool(claim.version)
        return bool(claim.component and claim.version)

    def _is_another_product(self, claim: VexClaim) -> bool:
        """It names a product by its digest, and nothing that was given has that digest."""
        return bool(claim.product_sha256) and not self._evidence.intersection(claim.product_sha256)

    def _is_this_device(self, claim: VexClaim) -> bool:
        """The claim is about a product as a whole, and its digest is that of the evidence."""
        return bool(self._evidence.intersection(claim.sha256))


def _told_once(elsewhere: Sequence[VexClaim]) -> tuple[Weighed, ...]:
    """What is said of this part in other products: the first with the number of the others, because a maker may list every release he ever made."""
    if not elsewhere:
        return ()
    more = f"; and {len(elsewhere) - 1} more claims about other products" if len(elsewhere) > 1 else ""
    return (Weighed(elsewhere[0], exact=False, lacks=f"the product that it names has another SHA-256 than the evidence{more}"),)


def _lacks(claim: VexClaim, exact: bool, contradicts: Contradicts) -> str:
    """Why a claim that would close the flaw does not count; empty if it does."""
    if not claim.said_by:
        return "no author stands behind it"
    if not exact:
        return "it does not name exactly this version of this part, or exactly this device"
    if claim.status is not VexStatus.NOT_AFFECTED:
        return ""
    if claim.justification is None:
        return "it gives none of the five reasons"
    shown = contradicts(claim.justification)
    return f"the evidence contradicts it: {shown}" if shown else ""


def _product(claim: VexClaim) -> tuple[str, ...]:
    """What the part is said to lie in, as it is named; nothing if it is meant wherever it lies."""
    return tuple(filter(None, (claim.product, *claim.product_sha256)))


def _digests(part: Part) -> frozenset[str]:
    return frozenset(one.sha256 for one in part.said if isinstance(one, Component) and one.sha256)


def _versions(part: Part) -> tuple[str, ...]:
    return (part.version, *(said.version for said in part.said))


def _is_generic(text: str) -> bool:
    """A package URL of no ecosystem says no more than name and version."""
    return text.startswith("pkg:generic/")


def _same_package(text: str, ours: PackageURL) -> bool:
    return purl_key(text) == purl_key(ours.to_string()) and purl_version(text) in {"", ours.version}


def _same_cpe(claim: VexClaim, part: Part) -> bool:
    """The same product, in the version of the name, or in that which stands beside it."""
    theirs = parse_cpe(claim.cpe)
    if theirs is None or not any((theirs.vendor, theirs.product) == (ours.vendor, ours.product) for ours in part.cpes):
        return False
    if theirs.version != ANY:
        return theirs.release == part.version
    return claim.version in {"", *_versions(part)}
