"""Archives of Java by their own manifest: ``META-INF/MANIFEST.MF``.

``Name: value`` lines of at most 72 bytes, continued after a blank; the first paragraph is about the archive (Oracle, *JAR File Specification*):
``Implementation-Title`` and ``-Version``, or ``Bundle-Name``, ``-SymbolicName`` and ``-Version`` of OSGi. Where it names nothing, the archive's own
name may: ``log4j-1.2.17.jar``.

Known ways it lies: the title is free text; an archive may be renamed; a value may be a placeholder that nobody replaced (``${project.version}``); the
group that a package URL needs is not in it.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.control_file import Paragraph
from asepsis.evidence.protocols.packaged import JAR_MANIFEST
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence
from asepsis.model.where import CHAIN

_PATH = "META-INF/MANIFEST.MF"
_ARCHIVE = re.compile(r"([A-Za-z][\w.-]{0,100}?)-v?(\d[\w.+]*(?:-[A-Za-z0-9.]+)?)\.[a-z]{3}$")
_TITLES = ("Implementation-Title", "Bundle-Name", "Specification-Title", "Bundle-SymbolicName", "Automatic-Module-Name")
_VERSIONS = ("Implementation-Version", "Bundle-Version", "Specification-Version")
_VENDORS = ("Implementation-Vendor", "Bundle-Vendor", "Specification-Vendor")
_LONGEST = 1024


class JarManifestReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("jar_manifest", "Archives of Java by their manifest", (Component,), (_PATH,))
    signs = Signs(paths=(ends(_PATH),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first field."""
        return Sureness.YES if path.endswith(_PATH) and b"Manifest-Version" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The first paragraph, and the archive's name. Raises ``NotThisFormat`` if neither names anything."""
        main, archive = _main(source), _archive(source)
        version = _said(main, _VERSIONS)
        name = _said(main, _TITLES) if version else ""
        if not name:
            name, version = archive
        if not name:
            raise NotThisFormat
        emit(
            Component(
                source.where(line=main.line or 1),
                name[:128],
                version[:128],
                method=JAR_MANIFEST,
                confidence=Confidence.LIKELY,
                supplier=_said(main, _VENDORS)[:128],
                licence=_said(main, ("Bundle-License",))[:256],
            )
        )


def _main(source: BoundedSource) -> Paragraph:
    main, last = Paragraph(0), ""
    for number, line in source.lines():
        if not line:
            break
        if line[0] == " " and last and len(main.fields[last]) < _LONGEST:
            main.fields[last] += line[1:]
        name, found, value = line.partition(": ")
        if found and line[0] != " ":
            main.line, last = main.line or number, name
            main.fields[last] = value
    return main


def _said(main: Paragraph, names: tuple[str, ...]) -> str:
    """The first of some fields that says something."""
    values = (main.get(name).strip() for name in names)
    return next((value.partition(";")[0] for value in values if value and "${" not in value and "%" not in value), "")


def _archive(source: BoundedSource) -> tuple[str, str]:
    """Name and version out of the name of the archive that this lies in."""
    _, inside, _ = source.where().path.rpartition(CHAIN)
    container = source.where().path.rsplit(CHAIN, 2)[-2] if inside else ""
    found = _ARCHIVE.match(container.rpartition("/")[2])
    return (found[1], found[2]) if found else ("", "")
