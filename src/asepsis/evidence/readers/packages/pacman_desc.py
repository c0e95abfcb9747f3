"""Packages that pacman installed: ``/var/lib/pacman/local/NAME-VERSION/desc`` of Arch Linux and MSYS2.

A line ``%FIELD%``, its values one a line, an empty line (alpm-db-desc(5)): ``NAME``, ``VERSION`` (``EPOCH:VERSION-RELEASE``), ``BASE`` (what it was
built from), ``ARCH``, ``LICENSE``, ``DEPENDS``, ``PACKAGER``.

Known ways it lies: files may have been replaced after the package was installed; what is needed may be a library (``libcurl.so=4-64``).
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.control_file import dependencies, person
from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"pacman/local/[^/]+/desc$")
_FIELD = re.compile(r"%([A-Z0-9]{1,32})%$")


class PacmanDescReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("pacman_desc", "Packages installed by pacman", (Component,), ("var/lib/pacman/local/*/desc",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and a field."""
        return Sureness.YES if path.endswith("/desc") and _PATH.search(path) and b"%NAME%" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if it names nothing."""
        fields = _fields(source)
        name, version, base = (" ".join(fields.get(key, ())) for key in ("NAME", "VERSION", "BASE"))
        if not name:
            raise NotThisFormat
        emit(
            Component(
                source.where(line=1),
                name[:128],
                upstream_version(version)[:128],
                product_of(name),
                "package list",
                Confidence.CONFIRMED,
                purl("alpm", name, version, arch=" ".join(fields.get("ARCH", ())), upstream="" if base == name else base),
                supplier=person(" ".join(fields.get("PACKAGER", ()))),
                licence=" AND ".join(fields.get("LICENSE", ()))[:256],
                depends=dependencies(*fields.get("DEPENDS", ())),
            )
        )


def _fields(source: BoundedSource) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for _, line in source.lines():
        found = _FIELD.match(line)
        if found:
            current = fields.setdefault(found[1], [])
        elif line.strip():
            current.append(line.strip())
    return fields
