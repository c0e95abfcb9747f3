"""What Buildroot built into an image: ``legal-info/manifest.csv``.

A table with the columns ``PACKAGE``, ``VERSION``, ``LICENSE``, ``LICENSE FILES``, ``SOURCE ARCHIVE``, ``SOURCE SITE`` and ``DEPENDENCIES WITH
LICENSES`` (The Buildroot user manual, *Complying with open source licenses*). What only the build machine needs stands in ``host-manifest.csv``.

Known ways it lies: it is written beside the image, and the image may have been changed since; ``custom`` and hashes of commits are no versions.
"""

from __future__ import annotations

import csv
import re

from asepsis.evidence.protocols.products import product_of
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_HEAD = b'"PACKAGE","VERSION","LICENSE"'
_NO_VERSION = re.compile(r"custom|[0-9a-f]{40}")
_NEED = re.compile(r"(?:^|\s)([A-Za-z0-9][\w.+-]{0,127}) \[")


class BuildrootManifestReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo("buildroot_manifest", "Buildroot's table of licences", (Component,), ("legal-info/manifest.csv",))
    signs = Signs(paths=(ends("manifest.csv"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first columns; not that of the build machine."""
        named = path.endswith("manifest.csv") and not path.endswith("host-manifest.csv")
        return Sureness.YES if named and head.startswith(_HEAD) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Row by row. Raises ``NotThisFormat`` if there is none, ``Malformed`` where a quote does not end."""
        table = csv.DictReader((f"{line}\n" for _, line in source.lines()), strict=True)
        seen = False
        try:
            for row in table:
                name = row.get("PACKAGE") or ""
                if name:
                    seen = True
                    emit(_component(source, table.line_num, name, row))
        except csv.Error as error:
            raise Malformed(str(error), line=table.line_num) from error
        if not seen:
            raise NotThisFormat


def _component(source: BoundedSource, line: int, name: str, row: dict[str, str | None]) -> Component:
    needs = dict.fromkeys(_NEED.findall(row.get("DEPENDENCIES WITH LICENSES") or ""))
    version = row.get("VERSION") or ""
    return Component(
        source.where(line=line),
        name[:128],
        "" if _NO_VERSION.fullmatch(version) else version[:128],
        product_of(name),
        "image manifest",
        Confidence.LIKELY,
        licence=(row.get("LICENSE") or "")[:256],
        depends=tuple(needs),
    )
