"""Packages that dpkg installed: ``/var/lib/dpkg/status``, and ``status.d`` of images that were made without dpkg.

Paragraphs of deb-control(5): ``Package``, ``Version`` (``EPOCH:UPSTREAM-REVISION``), ``Status``, ``Architecture``, ``Source`` (what built it,
with a version in parentheses where that is another), ``Depends``, ``Maintainer``.

Known ways it lies: files may have been replaced after the package was installed; a flaw may be mended in a revision whose upstream version is still
the old one, so the package URL keeps the whole version; packages that only left their settings behind are not there any more.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.control_file import Paragraph, dependencies, paragraphs, person
from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"dpkg/(?:status$|status\.d/(?!.*\.md5sums$)[^/]+$)")
_PACKAGE = re.compile(rb"(?m)^Package: ?\S")
_SOURCE = re.compile(r"(\S+)(?: \(([^)]+)\))?")


class DpkgStatusReader:
    """Emits one :class:`Component` for each installed package."""

    info = ReaderInfo("dpkg_status", "Packages installed by dpkg", (Component,), ("var/lib/dpkg/status", "var/lib/dpkg/status.d/*"))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first field."""
        return Sureness.YES if "dpkg/status" in path and _PATH.search(path) and _PACKAGE.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Paragraph by paragraph. A package without a version is one all the same."""
        for package in paragraphs(source.lines()):
            if package.get("Package") and package.installed:
                emit(_component(source, package))


def _component(source: BoundedSource, package: Paragraph) -> Component:
    name, version = package.get("Package"), package.get("Version")
    return Component(
        source.where(line=package.line),
        name[:128],
        upstream_version(version)[:128],
        product_of(name),
        "package list",
        Confidence.CONFIRMED,
        purl("deb", name, version, arch=package.get("Architecture"), upstream=_upstream(package.get("Source"))),
        supplier=person(package.get("Maintainer")),
        depends=dependencies(package.get("Pre-Depends"), package.get("Depends")),
    )


def _upstream(text: str) -> str:
    """``gcc-12 (12.2.0-14)`` is ``gcc-12@12.2.0-14``."""
    found = _SOURCE.match(text)
    return (f"{found[1]}@{found[2]}" if found[2] else found[1]) if found else ""
