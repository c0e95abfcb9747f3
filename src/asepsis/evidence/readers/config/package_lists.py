"""Lists of installed packages: dpkg, opkg, apk.

``Package:`` / ``Version:`` / ``Status:`` paragraphs of ``/var/lib/dpkg/status`` and ``/usr/lib/opkg/status`` (deb-control(5)); ``P:`` /
``V:`` lines of ``/lib/apk/db/installed``.

Known ways it lies: files may have been replaced after the package was installed; ``Version`` ends with the packager's own revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"(?:dpkg|opkg|ipkg)/status$|dpkg/status\.d/[^/]+$|(?:opkg|ipkg)/info/[^/]+\.control$|apk/db/installed$")
_NAME, _VERSION = frozenset({"Package", "P"}), frozenset({"Version", "V"})


class PackageListsReader:
    """Emits one :class:`Component` for each installed package."""

    info = ReaderInfo("package_lists", "Installed packages", (Component,), ("dpkg status", "opkg status", "apk installed"))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first field."""
        return Sureness.YES if _PATH.search(path) and re.search(rb"(?m)^(?:Package|P|C): ?\S", head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Paragraph by paragraph."""
        seen = 0
        for line, fields in _paragraphs(source):
            name = next((fields[key] for key in _NAME if key in fields), "")
            version = next((fields[key] for key in _VERSION if key in fields), "")
            if not name or not version or "not-installed" in fields.get("Status", "") or "deinstall" in fields.get("Status", ""):
                continue
            seen += 1
            upstream = upstream_version(version)
            emit(Component(source.where(line=line), name[:128], upstream[:128], product_of(name), "package list", Confidence.CONFIRMED))
        if not seen:
            raise NotThisFormat


def _paragraphs(source: BoundedSource) -> Iterator[tuple[int, dict[str, str]]]:
    fields: dict[str, str] = {}
    start = 1
    for number, line in source.lines():
        if not line.strip():
            if fields:
                yield start, fields
            fields = {}
            continue
        key, found, value = line.partition(":")
        if found and not line[0].isspace():
            start = start if fields else number
            fields[key] = value.strip()
    if fields:
        yield start, fields
