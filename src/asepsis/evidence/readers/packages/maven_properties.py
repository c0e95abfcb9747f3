"""Packages of Java that Maven built: ``META-INF/maven/GROUP/ARTIFACT/pom.properties`` of an archive.

Lines ``groupId=``, ``artifactId=``, ``version=`` (Apache Maven Archiver). An archive that holds others in itself has one of each.

Known ways it lies: a shaded archive may keep the classes of a package and lose this file; packages that Gradle built have none.
"""

from __future__ import annotations

from asepsis.evidence.protocols.products import product_of_package
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PLACE, _NAME = "META-INF/maven/", "/pom.properties"


class MavenPropertiesReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("maven_properties", "Packages of Java", (Component,), ("META-INF/maven/**/pom.properties",))
    signs = Signs(paths=(ends(_NAME),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its place."""
        return Sureness.YES if path.endswith(_NAME) and _PLACE in path and b"artifactId" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if it names nothing."""
        entries = {entry.key: entry for entry in key_file(source.lines(), comments="#!")}
        group, name, version = (entries[key].value if key in entries else "" for key in ("groupId", "artifactId", "version"))
        if not name:
            raise NotThisFormat
        emit(
            Component(
                source.where(line=entries["artifactId"].line),
                name[:128],
                version[:128],
                product_of_package("maven", f"{group}:{name}"),
                "package metadata",
                Confidence.CONFIRMED,
                purl("maven", name, version, namespace=group) if group else "",
            )
        )
