"""NVD's configurations (also ``cpeApplicability`` of a CVE record): nodes of CPE matches joined by AND and OR, as statements.

What is ``vulnerable`` becomes the part; what stands beside it under an AND becomes a condition ("running on"), whether or not it is vulnerable
itself. A node with ``negate`` names what must be absent: as a condition it is left out, so that a flaw is rather told once too often than not at
all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asepsis.knowledge.vulnerabilities.feed import VERSIONS, table, tables, text
from asepsis.knowledge.vulnerabilities.names import product_cpe
from asepsis.knowledge.vulnerabilities.schemes import cpe_scheme
from asepsis.model.cpe import ANY
from asepsis.model.vulnerability import Affected, Range

Conditions = tuple[tuple[str, ...], ...]
_DEEPEST = 8
_WIDEST = 64
"""Members of one AND; with more of them, none is a condition of the others."""
_LARGEST_GROUP = 500
"""Names in one condition; a longer list is taken as no condition."""


def statements(configurations: Iterable[Mapping[str, Any]], vulnerability: str, source: str) -> Iterator[Affected]:
    """One statement for each part and condition, in the order of the first match. Takes the forms of NVD 1.1 and 2.0."""
    found: dict[tuple[str, Conditions], list[tuple[Range | None, str]]] = defaultdict(list)
    for node in configurations:
        for match, conditions in _leaves(node, (), 0):
            name = product_cpe(_name(match))
            if match.get("vulnerable") is not True or name is None:
                continue
            wild = name.version == ANY
            part = str(name if wild else name.of_any_version)
            found[part, conditions].append((_range(match), "") if wild else (None, name.release or name.version))
    for (cpe, conditions), versions in found.items():
        ranges = tuple(dict.fromkeys(one for one, _ in versions if one))
        single = tuple(dict.fromkeys(version for _, version in versions if version))[:VERSIONS]
        yield Affected(vulnerability, source, cpe=cpe, scheme=cpe_scheme(cpe), ranges=ranges, versions=single, with_=conditions)


def _leaves(node: Mapping[str, Any], conditions: Conditions, depth: int) -> Iterator[tuple[Mapping[str, Any], Conditions]]:
    """Every CPE match below a node, with what must be there too."""
    if node.get("negate") is True or depth > _DEEPEST:
        return
    matches, children = _matches(node), _children(node)
    together = node.get("operator") == "AND" and len(matches) + len(children) <= _WIDEST
    for number, match in enumerate(matches):
        beside: list[tuple[str, ...]] = [(_name(other),) for at, other in enumerate(matches) if at != number] if together else []
        yield match, _with(conditions, [*beside, *(_names(child) for child in children if together)])
    for number, child in enumerate(children):
        beside = [_names(other) for at, other in enumerate(children) if at != number] if together else []
        yield from _leaves(child, _with(conditions, [*beside, *((_name(match),) for match in matches if together)]), depth + 1)


def _with(conditions: Conditions, groups: list[tuple[str, ...]]) -> Conditions:
    return (*conditions, *(group for group in groups if group and group not in conditions))


def _matches(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return tables(node.get("cpeMatch")) or tables(node.get("cpe_match"))


def _children(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return tables(node.get("nodes")) or tables(node.get("children"))


def _names(node: Mapping[str, Any]) -> tuple[str, ...]:
    """All names below a node, each once; nothing for a negated node and for a list that is too long to be a condition."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.get("negate") is not True:
            found |= dict.fromkeys(name for name in map(_name, _matches(one)) if product_cpe(name))
            waiting.extend(_children(one))
    return tuple(sorted(found)) if len(found) <= _LARGEST_GROUP else ()


def _name(match: Mapping[str, Any]) -> str:
    return text(match.get("criteria")) or text(match.get("cpe23Uri"))


def _range(match: Mapping[str, Any]) -> Range:
    after = text(match.get("versionStartExcluding"))
    return Range(
        introduced=after or text(match.get("versionStartIncluding")),
        fixed=text(match.get("versionEndExcluding")),
        last=text(match.get("versionEndIncluding")),
        introduced_excluded=bool(after),
    )


def nodes_of(value: object) -> list[Mapping[str, Any]]:
    """The nodes of the ``configurations`` of either version: an object with ``nodes``, or a list of such objects."""
    return tables(value) if isinstance(value, list) else tables(table(value).get("nodes"))
