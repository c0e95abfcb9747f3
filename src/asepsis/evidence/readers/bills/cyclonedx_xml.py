"""Bills of materials in CycloneDX, XML.

The same as in JSON (:mod:`asepsis.evidence.readers.bills.cyclonedx_json`), versions 1.2 to 1.7: ``bom`` in the namespace
``http://cyclonedx.org/schema/bom/VERSION``. Components below ``pedigree`` and ``tools`` are no parts. Part by part, so that size costs no memory.

Known ways it lies: as in JSON; a document type with entities in it is refused, not expanded (:mod:`asepsis.evidence.protocols.xml`).
"""

from __future__ import annotations

from asepsis.evidence.protocols.bill import NO_TEXT, SAYS_INCOMPLETE, UNKNOWN_VERSION, Bill, Entry
from asepsis.evidence.protocols.bill_json import content, end
from asepsis.evidence.protocols.cyclonedx import COMPLETE, NOT_DELIVERED, UNNAMED_KINDS, VERSIONS
from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.protocols.xml import Element, parse, text_of
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem

_NAMESPACE = "http://cyclonedx.org/schema/bom/"
_WAY = frozenset({"bom", "metadata", "components", "component"})
"""Everything that a part may lie in."""
_TAKEN = frozenset({"component", "dependency", "composition"})


class CyclonedxXmlReader:
    """Emits one :class:`Component` for each part."""

    info = ReaderInfo(
        "cyclonedx_xml", "Bill of materials (CycloneDX, XML)", (Component,), ("bom.xml", "*.cdx.xml"), ("entity bombs",), may_emit=(OperatingSystem,)
    )
    signs = Signs(heads=(anywhere("cyclonedx.org/schema/bom"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its namespace."""
        begun = beginning(head)
        return Sureness.YES if begun.startswith(b"<") and _NAMESPACE.encode() in begun else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        data, document = content(source), _Document(source)
        tree = parse(data, _TAKEN, document.take)
        if tree.root is None or tree.root.tag != "bom":
            raise Malformed(tree.broken, line=tree.line) if tree.broken else NotThisFormat
        document.check(tree.root, text_of(data))
        document.bill.emit(emit)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)
        end(document.bill)


class _Document:
    """One document while its elements come."""

    def __init__(self, source: BoundedSource) -> None:
        self._source, self.bill = source, Bill()

    def take(self, way: tuple[str, ...], element: Element) -> bool:
        """Whether the element, which lies in those of ``way``, is read and may be forgotten."""
        match element.tag:
            case "component":
                if _WAY.issuperset(way):
                    self._part(element, subject=way == ("bom", "metadata"), of_subject=way == ("bom", "metadata", "component", "components"))
                return True
            case "dependency" if way[-1] == "dependencies":
                self.bill.need(element.attributes.get("ref", ""), (one.attributes.get("ref", "") for one in element.children))
                return True
            case "composition" if way[-1] == "compositions":
                if element.text_of("aggregate") not in COMPLETE:
                    self.bill.flaw(SAYS_INCOMPLETE, self._source.where(line=element.line))
                return True
        return False

    def check(self, root: Element, text: str) -> None:
        """What is wrong with the whole."""
        versions = {value.removeprefix(_NAMESPACE) for value in root.attributes.values() if value.startswith(_NAMESPACE)}
        if not versions & VERSIONS:
            self.bill.flaw(UNKNOWN_VERSION, self._source.where(line=root.line))
        if "\ufffd" in text:
            self.bill.flaw(NO_TEXT, self._source.where(line=text.count("\n", 0, text.index("\ufffd")) + 1))

    def _part(self, part: Element, *, subject: bool, of_subject: bool) -> None:
        kind, purl, cpe = part.attributes.get("type", ""), part.text_of("purl"), part.text_of("cpe")
        image = of_subject and kind == "firmware" and not part.text_of("version")  # what the parts were read in
        if (kind in UNNAMED_KINDS or image) and not subject and not purl and not cpe:
            return
        self.bill.add(
            Entry(
                self._source.where(line=part.line),
                part.text_of("name"),
                part.text_of("version"),
                ref=part.attributes.get("bom-ref", ""),
                purls=(purl,) if purl else (),
                cpes=(cpe,) if cpe else (),
                supplier=part.text_of("supplier", "name") or part.text_of("manufacturer", "name") or part.text_of("publisher"),
                licence=", ".join(filter(None, map(_licence, _below(part, "licenses")))),
                sha256=next((one.text for one in _below(part, "hashes") if one.attributes.get("alg") == "SHA-256"), ""),
                patched=tuple(_patched(part)),
                system=kind == "operating-system",
                subject=subject,
                weak=part.text_of("scope") in NOT_DELIVERED or part.attributes.get("isExternal") == "true",
            )
        )


def _below(element: Element, *path: str) -> tuple[Element, ...]:
    found = element.get(*path)
    return found.children if found else ()


def _licence(element: Element) -> str:
    return element.text if element.tag == "expression" else element.text_of("id") or element.text_of("name")


def _patched(part: Element) -> list[str]:
    """The ids of flaws that the part's patches mend."""
    issues = [issue for patch in _below(part, "pedigree", "patches") for issue in _below(patch, "resolves")]
    return [issue.text_of("id") for issue in issues if issue.attributes.get("type") == "security" and issue.text_of("id")]
