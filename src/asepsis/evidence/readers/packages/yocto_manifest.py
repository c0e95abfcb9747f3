"""What Yocto put into an image: ``license.manifest``, and the image's own ``IMAGE.manifest``.

The first has paragraphs of ``PACKAGE NAME``, ``PACKAGE VERSION``, ``RECIPE NAME`` and ``LICENSE``; the second a line ``NAME ARCHITECTURE VERSION``
for each package (Yocto Project Reference Manual, *buildhistory* and *Maintaining open source licence compliance*).

Known ways it lies: both are written beside the image, and the image may have been changed since; a recipe of the device's maker may carry mends that
its version does not show; a version that ends with ``+git`` stands for any of many states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.control_file import paragraphs
from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_LICENCES = "license.manifest"
_PACKAGE = b"PACKAGE NAME:"
_LINE = re.compile(r"([a-z0-9][a-z0-9+.-]{0,127}) [a-z0-9][\w-]{0,64} ([^\s]{1,128})$", re.IGNORECASE)


class YoctoManifestReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo("yocto_manifest", "Manifests of Yocto's images", (Component,), (_LICENCES, "*.manifest"))
    signs = Signs(paths=(ends(".manifest"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and by a field or a first line."""
        if not path.endswith(".manifest"):
            return Sureness.NO
        if path.endswith(_LICENCES):
            return Sureness.YES if _PACKAGE in head else Sureness.NO
        first = head.partition(b"\n")[0].decode("utf-8", "replace").strip()
        return Sureness.MAYBE if _LINE.match(first) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``NotThisFormat`` if a line of an image's manifest is of another form."""
        for line, name, version, licence in list(_licences(source) if source.path.endswith(_LICENCES) else _lines(source)):
            where, product = source.where(line=line), product_of(name)
            upstream = upstream_version(version)[:128]
            emit(Component(where, name[:128], upstream, product, "image manifest", Confidence.LIKELY, licence=licence[:256]))


def _licences(source: BoundedSource) -> Iterator[tuple[int, str, str, str]]:
    for package in paragraphs(source.lines()):
        if package.get("PACKAGE NAME"):
            yield package.line, package.get("PACKAGE NAME"), package.get("PACKAGE VERSION"), package.get("LICENSE")


def _lines(source: BoundedSource) -> Iterator[tuple[int, str, str, str]]:
    for number, line in source.lines():
        found = _LINE.match(line)
        if found:
            yield number, found[1], found[2], ""
        elif line.strip():
            raise NotThisFormat
