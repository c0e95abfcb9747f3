"""What files of one tree add to its packages: the distribution they are of, what a package's own control file knows. No I/O.

An archive of Java may say twice what it is, by Maven's file and by its manifest: Maven's counts.
A program that says nothing of itself is known if a package brought it. One that names itself tells what the package is, so that the two are one
part of the device, and what the distribution mended in its package is not held against the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from asepsis.evidence.protocols.paths import tree_of
from asepsis.evidence.protocols.purl import OF_DISTRIBUTIONS, distribution, with_distribution
from asepsis.model.facts import Component, Fact, OperatingSystem, PackagedFiles, Program, UnidentifiedProgram
from asepsis.model.where import CHAIN

JAR_MANIFEST = "archive manifest"
MOST_FILES = 20_000
"""Kept of one package: none brings more programs."""
_PROGRAMS = re.compile(r"(?:usr/(?:local/)?)?(?:s?bin|lib(?:exec|32|64|x32)?|opt|games)/")
_NO_PROGRAM = re.compile(r"\.(?:py[co]?|p[lm]|rb|js|json|txt|conf|h|html?|xml|gz|png|svg|mo|md|service|socket|timer|la|a|pc|mk|cmake)$|/$")


def with_packages(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with every package said once, one of a distribution under that distribution's name."""
    facts = _without_packaged(_like_their_programs(_without_manifests(facts)))
    packages = [fact for fact in facts if isinstance(fact, Component) and fact.purl.startswith(OF_DISTRIBUTIONS)]
    if not packages:
        return facts
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


def may_be_program(path: str) -> bool:
    """Whether a packaged file (without its leading slash) lies where programs and libraries do, and is not plainly something else."""
    return _PROGRAMS.match(path) is not None and _NO_PROGRAM.search(path) is None


def _like_their_programs(facts: Sequence[Fact]) -> list[Fact]:
    """Packages with the product and the CPE name of the programs that they brought, if these agree with each other and on the version."""
    packages = {(tree_of(fact.where), fact.name): fact for fact in facts if isinstance(fact, Component) and fact.purl.startswith(OF_DISTRIBUTIONS)}
    lists = [fact for fact in facts if isinstance(fact, PackagedFiles)]
    owners = {_in_tree(tree, path): (tree, fact.package) for fact in lists for tree in [tree_of(fact.where)] for path in fact.files}
    names: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for fact in facts:
        if not isinstance(fact, Component) or fact.purl.startswith(OF_DISTRIBUTIONS) or not (fact.product or fact.cpe):
            continue
        package = packages.get(owners.get(_place(fact), ("", "")))
        if package is not None and fact.version == package.version:
            names.setdefault((tree_of(package.where), package.name), set()).add((fact.product, fact.cpe))
    return [_like(fact, names.get((tree_of(fact.where), fact.name), set())) if isinstance(fact, Component) else fact for fact in facts]


def _like(package: Component, names: set[tuple[str, str]]) -> Component:
    if len(names) != 1 or not package.purl.startswith(OF_DISTRIBUTIONS):
        return package
    ((product, cpe),) = names
    return replace(package, product=package.product or product, cpe=package.cpe or cpe)


def _without_packaged(facts: Sequence[Fact]) -> list[Fact]:
    """Without the lists of packaged files, and with the programs in them as known if the package is named."""
    named = {(tree_of(fact.where), fact.name) for fact in facts if isinstance(fact, Component)}
    lists = [fact for fact in facts if isinstance(fact, PackagedFiles) and (tree_of(fact.where), fact.package) in named]
    brought = {_in_tree(tree_of(fact.where), path) for fact in lists for path in fact.files}
    whole = (fact for fact in facts if not isinstance(fact, PackagedFiles))
    return [_known(fact) if isinstance(fact, UnidentifiedProgram) and _place(fact) in brought else fact for fact in whole]


def _known(program: UnidentifiedProgram) -> Program:
    return Program(program.where, program.sha256, program.architecture)


def _place(program: Fact) -> tuple[str, str]:
    tree = tree_of(program.where)
    return _in_tree(tree, f"{program.where.evidence}!{program.where.path}".removeprefix(tree))


def _in_tree(tree: str, path: str) -> tuple[str, str]:
    """``usr/bin`` and ``bin`` are one folder on most systems, whichever a list names."""
    return tree, path.removeprefix("usr/")


def _without_manifests(facts: Sequence[Fact]) -> list[Fact]:
    """Without the manifest of an archive in which Maven names a package of the same version."""
    named = {_archive(fact) for fact in facts if isinstance(fact, Component) and fact.purl.startswith("pkg:maven/")}
    return [fact for fact in facts if not (isinstance(fact, Component) and fact.method == JAR_MANIFEST and _archive(fact) in named)]


def _archive(part: Component) -> tuple[str, str, str]:
    return part.where.evidence, part.where.path.rpartition(CHAIN)[0], part.version


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
