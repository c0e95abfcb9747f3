"""What SPDX documents say of packages and of how they hang together, whatever they are written in. No I/O.

SPDX 2.2 (ISO/IEC 5962:2021), 2.3 and 3.0. What a document ``DESCRIBES`` is the thing itself if it is one package among others; if it describes
several, or holds no other, they are the parts. ``DEPENDS_ON``, ``CONTAINS`` and links say what needs what. Relations to ``NOASSERTION`` say that more
parts are there than are named. What is needed for development, tests and building only is weak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from asepsis.evidence.protocols.bill import SAYS_INCOMPLETE, Bill, Entry, said
from asepsis.model.where import Where

VERSIONS = frozenset({"SPDX-2.1", "SPDX-2.2", "SPDX-2.3"})
"""Of SPDX 2, as documents write them."""
_NEEDS = frozenset({"DEPENDS_ON", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK", "HAS_PREREQUISITE", "HAS_DYNAMIC_LINK", "HAS_STATIC_LINK"})
_NEEDED_BY = frozenset({"DEPENDENCY_OF", "CONTAINED_BY", "RUNTIME_DEPENDENCY_OF", "PREREQUISITE_FOR", "PROVIDED_DEPENDENCY_OF"})
_WEAK = frozenset({"BUILD_DEPENDENCY_OF", "BUILD_TOOL_OF", "DEV_DEPENDENCY_OF", "DEV_TOOL_OF", "OPTIONAL_DEPENDENCY_OF", "OPTIONAL_COMPONENT_OF",
    "TEST_CASE_OF", "TEST_DEPENDENCY_OF", "TEST_OF", "TEST_TOOL_OF", "DOCUMENTATION_OF", "EXAMPLE_OF"})  # fmt: skip
"""The first of the two is not in the product, or may not be."""
_WEAK_OTHER = frozenset(
    {"HAS_OPTIONAL_DEPENDENCY", "HAS_OPTIONAL_COMPONENT", "HAS_TEST", "HAS_TEST_CASE", "HAS_DOCUMENTATION", "HAS_EXAMPLE", "USES_TOOL"}
)
"""The second of the two is not (SPDX 3)."""
_NOT_SHIPPED = frozenset({"build", "development", "test"})
"""Scopes of a relation of SPDX 3."""
_NO_SOFTWARE = frozenset({"data", "device", "file"})
"""Purposes of packages that are files or things."""
_READ_IN = re.compile(r"(?:\ASPDXRef-|#)evidence-\w+\Z")
"""Ids of what a bill that Asepsis wrote was read in: an image, a capture."""
_NOBODY = frozenset({"NOASSERTION", "NONE"})
_PERSON = re.compile(r"\A(?:Organization|Person|Tool):\s*|\s*\([^()]*\)\s*\Z", re.IGNORECASE)
_SYSTEM = re.compile(r"operating.?system", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(slots=True)
class Relations:
    """All relations of one document: ``subjects`` are what it describes."""

    subjects: set[str] = field(default_factory=set)
    edges: list[tuple[str, str]] = field(default_factory=list)
    weak: set[str] = field(default_factory=set)
    unknown: list[Where] = field(default_factory=list)

    def add(self, one: str, kind: str, other: str, where: Where, scope: str = "") -> None:
        """``one`` stands in a relation of ``kind`` to ``other``; SPDX 3 writes its kinds without underscores."""
        kind = _CAPITAL.sub("_", kind).upper()
        if kind == "DESCRIBES":
            self.subjects.add(other)
        elif kind == "DESCRIBED_BY":
            self.subjects.add(one)
        elif kind in _NEEDS and other in _NOBODY:
            self.unknown += [where] if other == "NOASSERTION" else []
        elif kind in _WEAK:
            self.weak.add(one)
        elif kind in _WEAK_OTHER or scope in _NOT_SHIPPED:
            self.weak.add(other)
        elif kind in _NEEDS:
            self.edges.append((one, other))
        elif kind in _NEEDED_BY:
            self.edges.append((other, one))

    def into(self, bill: Bill) -> None:
        """Tell the bill, once all its entries are known."""
        refs = {entry.ref for entry in bill.entries}
        described = self.subjects & refs
        shipped = {other for _, other in self.edges}
        for entry in bill.entries:
            entry.subject = len(described) == 1 and entry.ref in described and len(refs) > 1
            entry.weak = entry.weak or entry.ref in self.weak - shipped
        for one, other in self.edges:
            bill.need(one, (other,))
        for where in self.unknown:
            bill.flaw(SAYS_INCOMPLETE, where)


def package(where: Where, fields: Mapping[str, str], references: Iterable[tuple[str, str]]) -> Entry:
    """A package: ``fields`` as SPDX 2 calls them in JSON, ``references`` are types and locators of external references."""
    references = tuple(references)
    return Entry(
        where,
        fields.get("name", ""),
        fields.get("versionInfo", ""),
        ref=fields.get("SPDXID", ""),
        purls=tuple(locator for kind, locator in references if kind.rpartition("/")[2] in {"purl", "packageUrl", "packageURL"}),
        cpes=tuple(locator for kind, locator in references if kind.rpartition("/")[2] in {"cpe23Type", "cpe23", "cpe22Type", "cpe22"}),
        supplier=_maker(fields.get("supplier", "")) or _maker(fields.get("originator", "")),
        licence=said(fields.get("licenseConcluded", "")) or said(fields.get("licenseDeclared", "")),
        sha256=fields.get("sha256", ""),
        system=bool(_SYSTEM.search(fields.get("primaryPackagePurpose", ""))),
        software=fields.get("primaryPackagePurpose", "").lower() not in _NO_SOFTWARE and not _READ_IN.search(fields.get("SPDXID", "")),
    )


def _maker(text: str) -> str:
    """``Organization: Acme (mail@acme.example)`` is Acme."""
    return said(_PERSON.sub("", text))
