"""Programs and libraries of Windows by their version resource.

``StringFileInfo`` has ``ProductName``, ``ProductVersion``, ``FileDescription``, ``FileVersion``, ``CompanyName`` and ``OriginalFilename`` (Microsoft,
*VERSIONINFO resource*; :mod:`asepsis.evidence.protocols.pe_version`). The product is the part, its files are where it was seen.

Known ways it lies: every text is its maker's own word; a library of another maker may carry the name of the product that it was built into; many
files of one product are versions of their own; the version of a library that was linked in stands nowhere.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.pe_version import MAGIC, Version, version_of
from asepsis.evidence.protocols.products import product_of_program
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_NUMBER = re.compile(r"v?(\d{1,6}(?:\s?[.,]\s?\d{1,10}){1,3}[a-z]?(?:-[A-Za-z0-9.]{1,24})?)(?![\w.])")
_MARKS = re.compile(r"[®™©]|\((?:R|TM|C)\)", re.IGNORECASE)


class VersionResourceReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("version_resource", "Programs of Windows by their version resource", (Component,), ("*.exe", "*.dll", "*.sys"))
    signs = Signs(heads=(begins(MAGIC),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - any name will do
        """By the first bytes."""
        return Sureness.MAYBE if head.startswith(MAGIC) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if there is no such resource, or if it names nothing."""
        found = version_of(source)
        name, version = _named(found) if found else ("", "")
        if not found or not name:
            raise NotThisFormat
        emit(
            Component(
                source.where(offset=0),
                name[:128],
                version,
                product_of_program(name),
                "version resource",
                Confidence.LIKELY,
                supplier=_text(found, "CompanyName"),
            )
        )


def _named(found: Version) -> tuple[str, str]:
    """The product and its version; where it names none, the file and its own."""
    for title, number, four in (("ProductName", "ProductVersion", found.product), ("FileDescription", "FileVersion", found.file)):
        name = _text(found, title)
        if name:
            return name, _version(found, number, four)
    return _text(found, "OriginalFilename"), _version(found, "FileVersion", found.file)


def _text(found: Version, name: str) -> str:
    text = found.texts.get(name, "")
    return " ".join(_MARKS.sub("", text).split()) if text.isprintable() else ""


def _version(found: Version, name: str, four: tuple[int, int, int, int]) -> str:
    """As text if it begins with a number (``1.1.1n`` where the numbers say 1.1.1.14), else the four numbers."""
    written = _NUMBER.match(found.texts.get(name, ""))
    if written:
        return re.sub(r"\s?,\s?", ".", written[1]).replace(" ", "")
    return ".".join(map(str, four)) if any(four) else ""
