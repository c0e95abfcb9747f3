"""Packages that apk installed: ``/lib/apk/db/installed`` of Alpine Linux, and of OpenWrt since 24.10.

Lines of one letter and a value (Alpine Wiki, *Apk spec*): ``P`` name, ``V`` version, ``A`` architecture, ``L`` licence, ``o`` what it was built from,
``m`` maintainer, ``D`` what it needs, ``p`` what it provides. An empty line ends a package; ``F``, ``R``, ``Z`` and others name its files.

Known ways it lies: files may have been replaced after the package was installed; the revision ``-r1`` is the packager's and may mend a flaw; what is
needed is mostly a library (``so:libcrypto.so.3``), which is traced to the package that provides it.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.control_file import Paragraph, paragraphs, person
from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATH = "apk/db/installed"
_PACKAGE = re.compile(rb"(?m)^(?:C|P):\S")
_NAME = re.compile(r"[^\s=<>~@]+")


class ApkInstalledReader:
    """Emits one :class:`Component` for each installed package."""

    info = ReaderInfo("apk_installed", "Packages installed by apk", (Component,), ("lib/apk/db/installed",))
    signs = Signs(paths=(ends(_PATH),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first field."""
        return Sureness.YES if path.endswith(_PATH) and _PACKAGE.search(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All packages first, since any may need what any other provides. Raises ``NotThisFormat`` if there is none."""
        packages = [package for package in paragraphs(source.lines()) if package.get("P") and package.get("V")]
        if not packages:
            raise NotThisFormat
        provided = {name: package.get("P") for package in packages for name in _names(package.get("p"))}
        for package in packages:
            emit(_component(source, package, provided))


def _names(value: str) -> list[str]:
    """The names in ``so:libc.so.1=1 busybox>=1.2``; what must not be there begins with ``!``."""
    return [found[0] for word in value.split() if not word.startswith("!") and (found := _NAME.match(word))]


def _component(source: BoundedSource, package: Paragraph, provided: dict[str, str]) -> Component:
    name, version = package.get("P"), package.get("V")
    built_from = package.get("o")
    needed = dict.fromkeys(provided.get(need, need) for need in _names(package.get("D")))
    return Component(
        source.where(line=package.line),
        name[:128],
        upstream_version(version)[:128],
        product_of(name),
        "package list",
        Confidence.CONFIRMED,
        purl("apk", name, version, arch=package.get("A"), upstream="" if built_from == name else built_from),
        supplier=person(package.get("m")),
        licence=package.get("L")[:256],
        depends=tuple(need for need in needed if need != name),
    )
