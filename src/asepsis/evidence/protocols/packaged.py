"""What files of one tree add to its packages: the distribution they are of, and what a package's own control file knows. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from asepsis.evidence.protocols.paths import tree_of
from asepsis.evidence.protocols.purl import OF_DISTRIBUTIONS, distribution, with_distribution
from asepsis.model.facts import Component, Fact, OperatingSystem


def with_packages(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with every package of a distribution said once, under that distribution's name."""
    packages = [fact for fact in facts if isinstance(fact, Component) and fact.purl.startswith(OF_DISTRIBUTIONS)]
    if not packages:
        return list(facts)
    listed = {_key(part) for part in packages if not _is_control(part)}
    control = {_key(part): part for part in packages if _is_control(part)}
    distributions = _distributions(facts)
    whole: list[Fact] = []
    for fact in facts:
        if not isinstance(fact, Component) or not fact.purl.startswith(OF_DISTRIBUTIONS):
            whole.append(fact)
        elif not _is_control(fact) or _key(fact) not in listed:
            whole.append(_named(_with(fact, control.get(_key(fact))), distributions))
    return whole


def _key(part: Component) -> tuple[str, str]:
    """The tree, and the package with its version: the list does not say what a package was built from."""
    return tree_of(part.where), part.purl.partition("?")[0]


def _distributions(facts: Iterable[Fact]) -> dict[str, str]:
    """Tree → what its ``os-release`` says; another file counts only where there is none."""
    found: dict[str, str] = {}
    for fact in facts:
        distro = distribution(fact) if isinstance(fact, OperatingSystem) else ""
        if distro and (fact.where.path.endswith("os-release") or tree_of(fact.where) not in found):
            found[tree_of(fact.where)] = distro
    return found


def _named(part: Component, distributions: Mapping[str, str]) -> Component:
    distro = distributions.get(tree_of(part.where))
    return replace(part, purl=with_distribution(part.purl, distro)) if distro else part


def _is_control(part: Component) -> bool:
    return part.purl.startswith("pkg:opkg/") and part.where.path.endswith(".control")


def _with(part: Component, own: Component | None) -> Component:
    """The listed package with what its own control file knows besides."""
    if own is None:
        return part
    return replace(
        part,
        purl=max(part.purl, own.purl, key=len),
        cpe=part.cpe or own.cpe,
        supplier=part.supplier or own.supplier,
        licence=part.licence or own.licence,
        depends=part.depends or own.depends,
    )
