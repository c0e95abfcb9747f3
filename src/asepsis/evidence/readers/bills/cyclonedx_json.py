"""Bills of materials in CycloneDX, JSON.

CycloneDX 1.2 to 1.7 (ECMA-424 is 1.6). ``metadata.component`` is the thing itself, ``components`` are its parts, which may hold parts of their own;
``dependencies`` say what needs what by ``bom-ref``; ``compositions`` say how complete it is. ``scope`` ``excluded`` and ``optional``, and from 1.7
``isExternal``, mark what may not be in the product. ``pedigree`` names ancestors, which are no parts, and patches. Cryptographic assets, data and
devices count as parts only if they have a name that flaws are published under. ``services``, ``formulation`` and ``vulnerabilities`` are not read.

Known ways it lies: ``bomFormat`` may stand at the end; a part without ``version`` is any version; ``cpe`` is often guessed from the name; text
where a list should be. See also :mod:`asepsis.evidence.protocols.bill`.
"""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.bill import SAYS_INCOMPLETE, UNKNOWN_VERSION, WRONG_KIND, Bill, Entry
from asepsis.evidence.protocols.bill_json import begins_object, items, read_bill, text
from asepsis.evidence.protocols.cyclonedx import COMPLETE, NOT_DELIVERED, UNNAMED_KINDS, VERSIONS
from asepsis.evidence.protocols.json_cursor import JsonCursor
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem
from asepsis.model.where import Where

_SIGNS = ("bomFormat", "cyclonedx", "bom-ref")


class CyclonedxJsonReader:
    """Emits one :class:`Component` for each part."""

    info = ReaderInfo(
        "cyclonedx_json",
        "Bill of materials (CycloneDX, JSON)",
        (Component,),
        ("bom.json", "*.cdx.json"),
        ("placeholders for values", "names that contradict each other"),
        (OperatingSystem,),
    )
    signs = Signs(heads=(anywhere(*_SIGNS),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its own words near its beginning; its format may be named only at its end."""
        begun = begins_object(head)
        if b'"bomFormat"' in begun and b"CycloneDX" in begun:
            return Sureness.YES
        return Sureness.MAYBE if any(sign in begun.lower() for sign in (b"bomformat", b"cyclonedx", b"bom-ref")) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        read_bill(source, emit, lambda cursor, bill: _Document(source, cursor, bill).walk())


class _Document:
    """One document while it is walked through."""

    def __init__(self, source: BoundedSource, cursor: JsonCursor, bill: Bill) -> None:
        self._source, self._cursor, self._bill = source, cursor, bill

    def walk(self) -> bool:
        """Whether it is one of this format."""
        cursor, head = self._cursor, dict[str, Any]()
        entered = {"metadata": ("{", self._metadata), "components": ("[", self._components), "dependencies": ("[", self._dependencies),
            "compositions": ("[", self._compositions)}  # fmt: skip
        for name in cursor.members():
            if name in {"bomFormat", "specVersion"}:
                head[name] = cursor.value()
            elif name in entered and self._is(entered[name][0]):
                entered[name][1]()
        if head.get("bomFormat") != "CycloneDX":
            return False
        if text(head, "specVersion") not in VERSIONS:
            self._bill.flaw(UNKNOWN_VERSION, self._where(0))
        return True

    def _is(self, opening: str) -> bool:
        """Whether a value is of the kind that it must be; another one is said as wrong."""
        if self._cursor.peek() == opening:
            return True
        self._bill.flaw(WRONG_KIND, self._where(self._cursor.at))
        return False

    def _metadata(self) -> None:
        for name in self._cursor.members():
            if name == "component" and self._is("{"):
                self._component(subject=True)

    def _components(self, *, of_subject: bool = False) -> None:
        for _ in self._cursor.elements():
            if self._is("{"):
                self._component(of_subject=of_subject)

    def _dependencies(self) -> None:
        for _ in self._cursor.elements():
            value = self._cursor.value()
            self._bill.need(text(value, "ref"), (one for one in items(value, "dependsOn") if isinstance(one, str)))

    def _compositions(self) -> None:
        for at in self._cursor.elements():
            if text(self._cursor.value(), "aggregate") not in COMPLETE:
                self._bill.flaw(SAYS_INCOMPLETE, self._where(at))

    def _component(self, *, subject: bool = False, of_subject: bool = False) -> None:
        """One part, and after it the parts within it."""
        at, values = self._cursor.at, dict[str, Any]()
        place = len(self._bill.entries)
        try:
            for name in self._cursor.members():
                if name == "components" and self._is("["):
                    self._components(of_subject=subject)
                else:
                    values[name] = self._cursor.value()
        finally:  # where the document breaks, what was said of the part before is kept
            inside, self._bill.entries[place:] = self._bill.entries[place:], []
            self._add(values, self._where(at), subject=subject, of_subject=of_subject)
            self._bill.entries.extend(inside)

    def _add(self, values: dict[str, Any], where: Where, *, subject: bool, of_subject: bool) -> None:
        names = {key: text(values, key) for key in ("name", "version", "purl", "cpe")}
        if any(key in values and not isinstance(values[key], str) for key in names):
            self._bill.flaw(WRONG_KIND, where)
        kind = text(values, "type")
        image = of_subject and kind == "firmware" and not names["version"]  # what the parts were read in
        if (kind in UNNAMED_KINDS or image) and not subject and not names["purl"] and not names["cpe"]:
            return
        self._bill.add(
            Entry(
                where,
                names["name"],
                names["version"] or _number(values.get("version")),
                ref=text(values, "bom-ref"),
                purls=(names["purl"],) if names["purl"] else (),
                cpes=(names["cpe"],) if names["cpe"] else (),
                supplier=text(values, "supplier", "name") or text(values, "manufacturer", "name") or text(values, "publisher"),
                licence=", ".join(filter(None, map(_licence, items(values, "licenses")))),
                sha256=next((text(one, "content") for one in items(values, "hashes") if text(one, "alg") == "SHA-256"), ""),
                patched=tuple(_patched(values)),
                system=kind == "operating-system",
                subject=subject,
                weak=text(values, "scope") in NOT_DELIVERED or values.get("isExternal") is True,
            )
        )

    def _where(self, at: int) -> Where:
        return self._source.where(**self._cursor.place(at))


def _number(value: Any) -> str:
    """A version that was written as a number, as far as it can still be told: 1.10 would be 1.1."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else ""


def _licence(value: Any) -> str:
    return text(value, "license", "id") or text(value, "license", "name") or text(value, "expression")


def _patched(values: dict[str, Any]) -> list[str]:
    """The ids of flaws that the part's patches mend."""
    patches = [one for patch in items(values, "pedigree", "patches") for one in items(patch, "resolves")]
    return [text(one, "id") for one in patches if text(one, "type") == "security" and text(one, "id")]
