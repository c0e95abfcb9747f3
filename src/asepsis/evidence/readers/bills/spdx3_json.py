"""Bills of materials in SPDX 3, JSON-LD.

SPDX 3.0 (specification 3.0.1, *JSON-LD serialization*): ``@graph`` holds elements, each named by its ``spdxId``. ``software_Package`` are parts,
files and packages of data and models are none. Makers, licences and relations are elements of their own; ``rootElement`` of a document or bill is
what it is of.

Known ways it lies: as in SPDX 2 (:mod:`asepsis.evidence.protocols.spdx`); an element may be named that stands in another document.
"""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.bill import UNKNOWN_VERSION, WRONG_KIND, Bill, Entry, said
from asepsis.evidence.protocols.bill_json import begins_object, items, read_bill, text
from asepsis.evidence.protocols.json_cursor import JsonCursor
from asepsis.evidence.protocols.spdx import Relations, package
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.where import Where

_LICENCES = ("hasConcludedLicense", "hasDeclaredLicense")
_KINDS = {"cpe23": "cpe23Type", "cpe22": "cpe22Type", "packageUrl": "purl", "packageURL": "purl"}
"""Types of identifiers, and what SPDX 2 calls them."""
_NOBODY = {"NoAssertionElement": "NOASSERTION", "NoneElement": "NONE"}
_AGENTS = frozenset({"Agent", "Organization", "Person", "SoftwareAgent"})


class Spdx3JsonReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo(
        "spdx3_json",
        "Bill of materials (SPDX 3, JSON-LD)",
        (Component,),
        ("*.spdx3.json",),
        ("placeholders for values",),
        may_emit=(OperatingSystem,),
    )
    signs = Signs(heads=(anywhere("spdx.org/rdf/3"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its context."""
        return Sureness.YES if b"spdx.org/rdf/3" in begins_object(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        read_bill(source, emit, lambda cursor, bill: _Document(source, cursor, bill).walk())


class _Document:
    """One document while it is walked through: ``_said`` are the names of makers and texts of licences by their ids."""

    def __init__(self, source: BoundedSource, cursor: JsonCursor, bill: Bill) -> None:
        self._source, self._cursor, self._bill, self._relations = source, cursor, bill, Relations()
        self._said, self._licences, self._versions = dict[str, str](), dict[str, dict[str, str]](), set[str]()

    def walk(self) -> bool:
        """Whether it is one of this format."""
        graph = False
        try:
            for name in self._cursor.members():
                if name == "@graph":
                    graph = True
                    self._elements()
        finally:
            self._finish()
        if not any(version.startswith("3.0") for version in self._versions):
            self._bill.flaw(UNKNOWN_VERSION, self._source.where(**self._cursor.place(0)))
        return graph

    def _elements(self) -> None:
        if self._cursor.peek() != "[":
            self._bill.flaw(WRONG_KIND, self._source.where(**self._cursor.place(self._cursor.at)))
            return
        for at in self._cursor.elements():
            value = self._cursor.value()
            if isinstance(value, dict):
                self._element(value, self._source.where(**self._cursor.place(at)))

    def _element(self, value: dict[str, Any], where: Where) -> None:
        kind = text(value, "type") or text(value, "@type")
        identity = text(value, "spdxId") or text(value, "@id")
        if kind == "software_Package":
            self._package(value, identity, where)
        elif kind.endswith("Relationship"):
            self._relation(value, where)
        elif kind in {"SpdxDocument", "software_Sbom", "Bom"}:
            self._relations.subjects.update(one for one in items(value, "rootElement") if isinstance(one, str))
        elif kind == "CreationInfo":
            self._versions.add(text(value, "specVersion"))
        elif kind in _AGENTS:
            self._said[identity] = text(value, "name")
        elif "icens" in kind:
            self._said[identity] = text(value, "simplelicensing_licenseExpression") or text(value, "name") or identity.rpartition("/")[2]

    def _package(self, value: dict[str, Any], identity: str, where: Where) -> None:
        references = [(_KINDS.get(text(one, "externalIdentifierType"), ""), text(one, "identifier")) for one in items(value, "externalIdentifier")]
        url = text(value, "software_packageUrl")
        fields = {
            "name": text(value, "name"),
            "versionInfo": text(value, "software_packageVersion"),
            "SPDXID": identity,
            "supplier": text(value, "suppliedBy"),
            "originator": next((one for one in items(value, "originatedBy") if isinstance(one, str)), ""),
            "primaryPackagePurpose": text(value, "software_primaryPurpose"),
            "sha256": next((text(one, "hashValue") for one in items(value, "verifiedUsing") if text(one, "algorithm") == "sha256"), ""),
        }
        self._bill.add(package(where, fields, [("purl", url), *references] if url else references))

    def _relation(self, value: dict[str, Any], where: Where) -> None:
        kind, one = text(value, "relationshipType"), text(value, "from")
        for other in items(value, "to"):
            if not isinstance(other, str):
                continue
            if kind in _LICENCES:
                self._licences.setdefault(one, {}).setdefault(kind, other)
            else:
                self._relations.add(one, kind, _NOBODY.get(other.rpartition("/")[2], other), where, text(value, "scope"))

    def _finish(self) -> None:
        for entry in self._bill.entries:
            entry.supplier = self._said.get(entry.supplier, "")
            entry.licence = self._licence(entry)
        self._relations.into(self._bill)

    def _licence(self, entry: Entry) -> str:
        of_part = self._licences.get(entry.ref, {})
        texts = (said(self._said.get(of_part[kind], "")) for kind in _LICENCES if kind in of_part)
        return next((text_ for text_ in texts if text_), "")
