"""Bills of materials in SPDX 2, tag-value.

SPDX 2.2 (ISO/IEC 5962:2021) and 2.3, annex on the tag-value format: ``Tag: value`` a line, ``<text>`` … ``</text>`` over several, ``#`` a comment.
``PackageName`` begins a package, ``FileName`` a file and ``SnippetSPDXID`` a snippet, which are no parts; ``SPDXID`` belongs to what was begun
last.

Known ways it lies: a tag that may stand once stands several times (the last counts); packages without ``SPDXID``; ``NOASSERTION`` wherever a value
should be. See also :mod:`asepsis.evidence.protocols.spdx` and :mod:`asepsis.evidence.protocols.bill`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.protocols.bill import NO_TEXT, UNKNOWN_VERSION, Bill
from asepsis.evidence.protocols.bill_json import content, end
from asepsis.evidence.protocols.decoded_text import decoded_text
from asepsis.evidence.protocols.spdx import VERSIONS, Relations, package
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, anywhere
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, OperatingSystem

_TAG = re.compile(r"\s*([A-Za-z]{1,64})\s*:[ \t]*(.*?)\s*\Z", re.DOTALL)
_FIELDS = {
    "PackageName": "name", "PackageVersion": "versionInfo", "SPDXID": "SPDXID", "PackageSupplier": "supplier", "PackageOriginator": "originator",
    "PackageLicenseConcluded": "licenseConcluded", "PackageLicenseDeclared": "licenseDeclared", "PrimaryPackagePurpose": "primaryPackagePurpose",
}  # fmt: skip
"""Tag → name of the same in JSON."""
_BEGINS_OTHER = frozenset({"FileName", "SnippetSPDXID", "SnippetSPDXIdentifier", "LicenseID"})
_NO_TAG = "a line that is no tag with a value"
_NO_RELATION = "a relationship that does not name two elements and its kind"


@dataclass(slots=True)
class _Package:
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    references: list[tuple[str, str]] = field(default_factory=list)


class SpdxTagValueReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo(
        "spdx_tag_value", "Bill of materials (SPDX, tag-value)", (Component,), ("*.spdx",), ("placeholders for values",), may_emit=(OperatingSystem,)
    )
    signs = Signs(heads=(anywhere("SPDXVersion:"),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - by what it says, whatever it is called
        """By its first tag."""
        lines = decoded_text(head).text.splitlines()
        return Sureness.YES if any(line.strip().startswith("SPDXVersion:") for line in lines) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat``, ``Malformed``, ``Flawed``, ``LimitReached``."""
        decoded = decoded_text(content(source))
        text, no_text = decoded.text, decoded.no_text
        document = _Document(source)
        if no_text is not None:
            document.bill.flaw(NO_TEXT, source.where(line=text.count("\n", 0, no_text) + 1))
        unended = document.walk(text)
        document.bill.emit(emit)
        if unended:
            raise Malformed("a text without an end", line=unended)
        end(document.bill)


class _Document:
    """One document while its tags are read."""

    def __init__(self, source: BoundedSource) -> None:
        self._source, self.bill, self._relations = source, Bill(), Relations()
        self._package: _Package | None = None
        self._version = ""

    def walk(self, text: str) -> int:
        """Read all tags; the line of a text that never ends, or 0."""
        unended = 0
        for line, entry in _entries(text):
            found = _TAG.match(entry)
            if found is None:
                self.bill.flaw(_NO_TAG, self._source.where(line=line))
            elif found[2].startswith("<text>") and not found[2].endswith("</text>"):
                unended = line
            else:
                self._tag(line, found[1], found[2].removeprefix("<text>").removesuffix("</text>").strip())
        self._close()
        self._relations.into(self.bill)
        if not self._version:
            raise NotThisFormat
        if self._version not in VERSIONS:
            self.bill.flaw(UNKNOWN_VERSION, self._source.where(line=1))
        return unended

    def _tag(self, line: int, tag: str, value: str) -> None:
        if tag == "SPDXVersion":
            self._version = value
        elif tag == "Relationship":
            self._relation(line, value)
        elif tag in _BEGINS_OTHER:
            self._close()
        elif tag == "PackageName":
            self._close()
            self._package = _Package(line, {"name": value})
        elif self._package is not None:
            self._of_package(self._package, tag, value)

    def _of_package(self, part: _Package, tag: str, value: str) -> None:
        if tag in _FIELDS:
            part.fields[_FIELDS[tag]] = value
        elif tag == "PackageChecksum" and value.startswith("SHA256:"):
            part.fields["sha256"] = value.removeprefix("SHA256:").strip()
        elif tag == "ExternalRef":
            _, kind, locator = (*value.split(None, 2), "", "", "")[:3]
            part.references.append((kind, locator))

    def _relation(self, line: int, value: str) -> None:
        words, where = value.split(), self._source.where(line=line)
        if len(words) == 3:  # noqa: PLR2004 - one, kind, other
            one, kind, other = words
            self._relations.add(one, kind, other, where)
        else:
            self.bill.flaw(_NO_RELATION, where)

    def _close(self) -> None:
        if self._package is not None:
            self.bill.add(package(self._source.where(line=self._package.line), self._package.fields, self._package.references))
            self._package = None


def _entries(text: str) -> Iterator[tuple[int, str]]:
    """Each tag with its value, and the line it begins at; a text over several lines is one."""
    begun, open_ = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if open_:
            open_.append(line)
            if "</text>" in line:
                yield begun, "\n".join(open_)
                open_ = []
        elif not line.strip() or line.lstrip().startswith("#"):
            continue
        elif "<text>" in line and "</text>" not in line:
            begun, open_ = number, [line]
        else:
            yield number, line
    if open_:
        yield begun, "\n".join(open_)
