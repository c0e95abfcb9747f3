"""What Syft found in software, in its own JSON.

Syft's documentation, *JSON schema*: ``artifacts`` are packages with their ``purl`` and ``cpes``; ``artifactRelationships`` of the type
``dependency-of`` say that the ``parent`` is needed by the ``child``; ``distro`` is the operating system, ``descriptor`` the program that wrote it.

Known ways it lies: CPE names with the source ``syft-generated`` are guessed from a package's name, so they are left out; older versions do not say
which are. The same package is found by several of its searchers. See also :mod:`asepsis.evidence.protocols.bill`.
"""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.bill import WRONG_KIND, Bill, Entry
from asepsis.evidence.protocols.bill_json import begins_object, read_bill, text
from asepsis.evidence.protocols.json_cursor import JsonCursor
from asepsis.evidence.protocols.scanned import artefact, system
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.where import Where


class SyftJsonReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo(
        "syft_json", "Bill of materials (Syft, JSON)", (Component,), ("*.syft.json",), ("guessed CPE names",), may_emit=(OperatingSystem,)
    )
    signs = Signs(heads=(anywhere('"artifacts"'),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its words; its program is named only at its end."""
        return Sureness.MAYBE if b'"artifacts"' in begins_object(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        read_bill(source, emit, lambda cursor, bill: _Document(source, cursor, bill).walk())


class _Document:
    """One document while it is walked through."""

    def __init__(self, source: BoundedSource, cursor: JsonCursor, bill: Bill) -> None:
        self._source, self._cursor, self._bill = source, cursor, bill

    def walk(self) -> bool:
        """Whether it is one of this format."""
        program, found = "", list[Entry]()
        entered = {"artifacts": self._artefact, "artifactRelationships": self._relation}
        for name in self._cursor.members():
            where = self._where(self._cursor.at)
            if name == "descriptor":
                program = text(self._cursor.value(), "name")
            elif name == "distro":
                found += system(self._cursor.value(), where)
            elif name in entered and self._cursor.peek() == "[":
                for at in self._cursor.elements():
                    entered[name](self._cursor.value(), self._where(at))
            elif name in entered:
                self._bill.flaw(WRONG_KIND, where)
        self._bill.entries.extend(found)
        return program == "syft"

    def _artefact(self, value: Any, where: Where) -> None:
        self._bill.add(artefact(value, where))

    def _relation(self, value: Any, _where: Where) -> None:
        if text(value, "type") == "dependency-of":
            self._bill.need(text(value, "child"), (text(value, "parent"),))

    def _where(self, at: int) -> Where:
        return self._source.where(**self._cursor.place(at))
