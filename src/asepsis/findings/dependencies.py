"""What each item of the inventory needs: what its package declares, and what its file is linked with or holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from asepsis.findings.flaws.part import parse_purl
from asepsis.findings.rule import Facts
from asepsis.model.facts import Component, Linkage, Program, UnidentifiedProgram
from asepsis.model.inventory import Item
from asepsis.model.software import MOST_DEPENDENCIES
from asepsis.model.where import Where

Place: TypeAlias = tuple[str, str]
PACKAGE_LIST = "package list"
"""The method of parts whose source says what they need, also when that is nothing."""
_OF_BILLS = frozenset({"bill of materials", "subject of the bill of materials"})
"""Methods of parts whose bill says what they need across all ecosystems: a program without a package URL needs packages that have one."""


class Known(NamedTuple):
    """An item, and what was read of it."""

    item: Item
    said: tuple[Component, ...]


class _Needs(NamedTuple):
    """The ids that one item needs, and the names that led to none or to several."""

    ids: set[str]
    unmet: set[str]


def with_dependencies(known: Sequence[Known], facts: Facts) -> tuple[Item, ...]:
    """The items with their dependencies, by name, version and id."""
    packages, linked = _by_name(known), _linked(known, facts)
    items = [_with(one, packages, linked) for one in known]
    return tuple(sorted(items, key=lambda item: (item.name.lower(), item.version, item.id)))


def _with(one: Known, packages: dict[tuple[str, str], set[str]], linked: dict[str, _Needs]) -> Item:
    declared, links = _declared(one, packages), linked.get(one.item.id)
    found = links or _Needs(set(), set())
    return replace(
        one.item,
        declared=tuple(sorted(declared.ids - {one.item.id})),
        linked=tuple(sorted(found.ids - {one.item.id})),
        unmet=tuple(sorted(declared.unmet | found.unmet)),
        dependencies_known=(links is not None or any(said.depends or said.method == PACKAGE_LIST for said in one.said))
        and all(len(said.depends) < MOST_DEPENDENCIES for said in one.said),
    )


def _by_name(known: Iterable[Known]) -> dict[tuple[str, str], set[str]]:
    """The ecosystem, or the bill, and the package's name in it → the items."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in known:
        for said in one.said:
            for scope in _scopes(said):
                found.setdefault((scope, said.name), set()).add(one.item.id)
    return found


def _scopes(said: Component) -> tuple[str, ...]:
    """Where the names of its needs are looked for, the nearest first."""
    return (_ecosystem(said), *((f"in {said.where.evidence} {said.where.path}",) if said.method in _OF_BILLS else ()))


def _ecosystem(said: Component) -> str:
    package = parse_purl(said.purl) if said.purl else None
    return package.type if package else ""


def _declared(one: Known, packages: dict[tuple[str, str], set[str]]) -> _Needs:
    needs = _Needs(set(), set())
    for said in one.said:
        for name in said.depends:
            ids = next((ids for scope in _scopes(said) if (ids := packages.get((scope, name)))), set[str]())
            if len(ids) == 1:
                needs.ids.update(ids)
            else:
                needs.unmet.add(f"{name} (several versions)" if ids else name)
    return needs


def _linked(known: Sequence[Known], facts: Facts) -> dict[str, _Needs]:
    """By the item of a file: whose libraries it is linked with, and what it was seen to hold."""
    programs = {_place(one.where) for kind in (Program, UnidentifiedProgram) for one in facts.of(kind)}
    owner = {_place(file.where): one.item.id for one in known for file in one.item.files if _place(file.where) in programs}
    links = [(owner[_place(link.where)], link) for link in facts.of(Linkage) if _place(link.where) in owner]
    libraries = _libraries(links)
    needs: dict[str, _Needs] = {}
    for item, link in links:
        mine = needs.setdefault(item, _Needs(set(), set()))
        for name in link.needs:
            ids = libraries.get((*_tree(link.where), name), set())
            mine.ids.update(ids)
            mine.unmet.update(() if ids else (name,))
    for one in known:
        for holder in {owner.get(_place(where), one.item.id) for where in one.item.where} - {one.item.id}:
            needs.setdefault(holder, _Needs(set(), set())).ids.add(one.item.id)
    return needs


def _libraries(links: Iterable[tuple[str, Linkage]]) -> dict[tuple[str, str, str], set[str]]:
    """The tree and a name that programs are linked with → whose file has it: by its own name (soname) or that of its file."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for item, link in links:
        for name in {link.soname, link.where.member.rpartition("/")[2]} - {""}:
            found.setdefault((*_tree(link.where), name), set()).add(item)
    return found


def _place(where: Where) -> Place:
    return (where.evidence, where.path)


def _tree(where: Where) -> tuple[str, str]:
    """The evidence and the container that a file lies in: libraries are looked for there."""
    return (where.evidence, where.path.removesuffix(where.member))
