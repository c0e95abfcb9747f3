"""Bills of materials in SPDX 2, JSON.

SPDX 2.2 (ISO/IEC 5962:2021) and 2.3, annex on JSON. ``packages`` are parts; ``files`` and ``snippets`` are none. ``externalRefs`` hold package URLs
and CPE names, ``relationships`` (and the older ``documentDescribes``) say what is what (:mod:`asepsis.evidence.protocols.spdx`).

Known ways it lies: ``NOASSERTION`` wherever a value should be; the thing itself among its parts; guessed CPE names, several for one package. See
also :mod:`asepsis.evidence.protocols.bill`.
"""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.bill import UNKNOWN_VERSION, WRONG_KIND, Bill
from asepsis.evidence.protocols.bill_json import begins_object, items, read_bill, text
from asepsis.evidence.protocols.json_cursor import JsonCursor
from asepsis.evidence.protocols.spdx import VERSIONS, Relations, package
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.where import Where

_FIELDS = ("name", "versionInfo", "SPDXID", "supplier", "originator", "licenseConcluded", "licenseDeclared", "primaryPackagePurpose")


class SpdxJsonReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo(
        "spdx_json", "Bill of materials (SPDX, JSON)", (Component,), ("*.spdx.json",), ("placeholders for values",), may_emit=(OperatingSystem,)
    )
    signs = Signs(heads=(anywhere("spdxVersion", "SPDXID"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its own words near its beginning."""
        begun = begins_object(head)
        if b'"spdxVersion"' in begun:
            return Sureness.YES
        return Sureness.MAYBE if b'"SPDXID"' in begun else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        read_bill(source, emit, lambda cursor, bill: _Document(source, cursor, bill).walk())


class _Document:
    """One document while it is walked through."""

    def __init__(self, source: BoundedSource, cursor: JsonCursor, bill: Bill) -> None:
        self._source, self._cursor, self._bill, self._relations = source, cursor, bill, Relations()

    def walk(self) -> bool:
        """Whether it is one of this format."""
        version: Any = None
        entered = {"packages": self._package, "relationships": self._relation, "documentDescribes": self._described}
        try:
            for name in self._cursor.members():
                if name == "spdxVersion":
                    version = self._cursor.value()
                elif name in entered and self._is_list():
                    for at in self._cursor.elements():
                        entered[name](self._cursor.value(), self._source.where(**self._cursor.place(at)))
        finally:
            self._relations.into(self._bill)
        if not isinstance(version, str) or not version.startswith("SPDX-"):
            return False
        if version not in VERSIONS:
            self._bill.flaw(UNKNOWN_VERSION, self._source.where(**self._cursor.place(0)))
        return True

    def _is_list(self) -> bool:
        if self._cursor.peek() == "[":
            return True
        self._bill.flaw(WRONG_KIND, self._source.where(**self._cursor.place(self._cursor.at)))
        return False

    def _package(self, value: Any, where: Where) -> None:
        if not isinstance(value, dict) or any(name in value and not isinstance(value[name], str) for name in _FIELDS):
            self._bill.flaw(WRONG_KIND, where)
        if isinstance(value, dict):
            fields = {name: text(value, name) for name in _FIELDS}
            fields["sha256"] = next((text(one, "checksumValue") for one in items(value, "checksums") if text(one, "algorithm") == "SHA256"), "")
            references = [(text(one, "referenceType"), text(one, "referenceLocator")) for one in items(value, "externalRefs")]
            self._bill.add(package(where, fields, references))

    def _relation(self, value: Any, where: Where) -> None:
        self._relations.add(text(value, "spdxElementId"), text(value, "relationshipType"), text(value, "relatedSpdxElement"), where)

    def _described(self, value: Any, where: Where) -> None:  # noqa: ARG002 - called like the others
        if isinstance(value, str):
            self._relations.subjects.add(value)
