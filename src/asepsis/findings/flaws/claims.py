"""What makers say of a flaw and a part (VEX): it closes a match, which stays listed with the one who said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packageurl import PackageURL

from asepsis.findings.flaws.part import Part
from asepsis.knowledge.vulnerabilities.names import purl_key, purl_version
from asepsis.model.cpe import ANY, parse_cpe
from asepsis.model.facts import VexClaim


class Claims:
    """All claims of one study, by the flaw that they speak of."""

    def __init__(self, claims: Iterable[VexClaim]) -> None:
        """Index by id and by every alias."""
        self._by_id: dict[str, list[VexClaim]] = {}
        for claim in claims:
            for name in dict.fromkeys((claim.vulnerability, *claim.aliases)):
                self._by_id.setdefault(name, []).append(claim)

    def about(self, ids: Iterable[str], part: Part) -> Iterator[VexClaim]:
        """The claims about a flaw, under any of its ids, in this part."""
        found = {repr(claim): claim for name in ids for claim in self._by_id.get(name, ()) if _speaks_of(claim, part)}
        yield from (claim for _, claim in sorted(found.items()))


def _speaks_of(claim: VexClaim, part: Part) -> bool:
    """By package URL first, then CPE name, then name and version; a claim that names no part speaks of the whole device."""
    if claim.purl:
        return any(_same_package(claim.purl, ours) for ours in part.purls)
    if claim.cpe:
        return _same_cpe(claim.cpe, part)
    if not claim.component:
        return True
    names = {said.name.lower() for said in part.said} | {part.name.lower()}
    return claim.component.lower() in names and claim.version in {"", part.version, *(said.version for said in part.said)}


def _same_package(text: str, ours: PackageURL) -> bool:
    return purl_key(text) == purl_key(ours.to_string()) and purl_version(text) in {"", ours.version}


def _same_cpe(text: str, part: Part) -> bool:
    theirs = parse_cpe(text)
    if theirs is None:
        return False
    same = any((theirs.vendor, theirs.product) == (ours.vendor, ours.product) for ours in part.cpes)
    return same and (theirs.version == ANY or theirs.release == part.version)
