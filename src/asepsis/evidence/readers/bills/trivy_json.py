"""What Trivy found in software, in its own JSON.

Trivy's documentation, *Reporting, JSON*: ``Metadata.OS`` is the operating system; each of ``Results`` has ``Packages`` (only with
``--list-all-pkgs``) and ``Vulnerabilities``, which name the package they are about. The flaws themselves are not read: they are matched anew.

Known ways it lies: without ``Packages`` only parts with flaws are named; ``Version``, ``Release`` and ``Epoch`` of a package stand apart. See also
:mod:`asepsis.evidence.protocols.bill`.
"""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.bill import WRONG_KIND, Bill, Entry
from asepsis.evidence.protocols.bill_json import begins_object, items, read_bill, text
from asepsis.evidence.protocols.json_cursor import JsonCursor
from asepsis.evidence.protocols.scanned import ONLY_FLAWED
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.where import Where


class TrivyJsonReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo(
        "trivy_json",
        "Bill of materials (Trivy, JSON)",
        (Component,),
        ("*.trivy.json",),
        ("parts without a flaw may be missing",),
        may_emit=(OperatingSystem,),
    )
    signs = Signs(heads=(anywhere('"ArtifactName"'),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By words of its own."""
        begun = begins_object(head)
        return Sureness.YES if b'"ArtifactName"' in begun and b'"SchemaVersion"' in begun else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        read_bill(source, emit, lambda cursor, bill: _Document(source, cursor, bill).walk())


class _Document:
    """One document while it is walked through."""

    def __init__(self, source: BoundedSource, cursor: JsonCursor, bill: Bill) -> None:
        self._source, self._cursor, self._bill = source, cursor, bill

    def walk(self) -> bool:
        """Whether it is one of this format."""
        cursor, known = self._cursor, False
        for name in cursor.members():
            at = cursor.at
            if name == "SchemaVersion":
                known = isinstance(cursor.value(), int)
            elif name == "Metadata":
                self._system(cursor.value(), self._where(at))
            elif name == "Results" and cursor.peek() == "[":
                for place in cursor.elements():
                    if cursor.peek() == "{":
                        self._result(place)
                    else:
                        self._bill.flaw(WRONG_KIND, self._where(place))
            elif name == "Results" and cursor.peek() != "n":
                self._bill.flaw(WRONG_KIND, self._where(at))
        return known

    def _result(self, begun: int) -> None:
        """One thing that was looked at. Its packages are all there is, if they are given."""
        whole, parts = False, list[Entry]()
        for name in self._cursor.members():
            listed = name in {"Packages", "Vulnerabilities"} and self._cursor.peek()
            if listed and listed not in "[n":
                self._bill.flaw(WRONG_KIND, self._where(self._cursor.at))
            elif listed == "[" and name == "Packages":
                whole = True
                for at in self._cursor.elements():
                    self._package(self._cursor.value(), self._where(at))
            elif listed == "[":
                for at in self._cursor.elements():
                    parts += self._flawed(self._cursor.value(), self._where(at))
        if parts and not whole:
            self._bill.flaw(ONLY_FLAWED, self._where(begun))
            self._bill.entries.extend(parts)

    def _package(self, value: Any, where: Where) -> None:
        epoch = value.get("Epoch") if isinstance(value, dict) else None
        version, release = text(value, "Version"), text(value, "Release")
        whole = (f"{epoch}:" if isinstance(epoch, int) and epoch else "") + version + (f"-{release}" if release else "")
        entry = Entry(
            where,
            text(value, "Name"),
            whole,
            ref=text(value, "ID"),
            purls=(url,) if (url := text(value, "Identifier", "PURL")) else (),
            licence=", ".join(one for one in items(value, "Licenses") if isinstance(one, str)),
            weak=isinstance(value, dict) and value.get("Dev") is True,
        )
        self._bill.add(entry)
        self._bill.need(entry.ref, (one for one in items(value, "DependsOn") if isinstance(one, str)))

    def _flawed(self, value: Any, where: Where) -> list[Entry]:
        url, name = text(value, "PkgIdentifier", "PURL"), text(value, "PkgName")
        return [Entry(where, name, text(value, "InstalledVersion"), purls=(url,) if url else ())] if name else []

    def _system(self, value: Any, where: Where) -> None:
        family, version = text(value, "OS", "Family"), text(value, "OS", "Name")
        if family:
            self._bill.add(Entry(where, family, version, system=True))

    def _where(self, at: int) -> Where:
        return self._source.where(**self._cursor.place(at))
