"""What Syft and Grype write of a package, each in its own document. No I/O."""

from __future__ import annotations

from typing import Any

from asepsis.evidence.protocols.bill import Entry
from asepsis.evidence.protocols.bill_json import items, text
from asepsis.model.where import Where

ONLY_FLAWED = "names only the parts that its scanner found flaws in"
_GUESSED = "syft-generated"


def artefact(value: Any, where: Where) -> Entry:
    """One package; without a name if it is none."""
    purl = text(value, "purl")
    return Entry(
        where,
        text(value, "name"),
        text(value, "version"),
        ref=text(value, "id"),
        purls=(purl,) if purl else (),
        cpes=tuple(filter(None, map(_cpe, items(value, "cpes")))),
        licence=", ".join(filter(None, map(_licence, items(value, "licenses")))),
    )


def system(value: Any, where: Where) -> list[Entry]:
    """The operating system that a scanner recognised; none if it recognised none."""
    name = text(value, "id") or text(value, "name")
    version = text(value, "versionID") or text(value, "version")
    return [Entry(where, name, version, system=True)] if name else []


def _cpe(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if text(value, "source") == _GUESSED else text(value, "cpe")


def _licence(value: Any) -> str:
    return value if isinstance(value, str) else text(value, "spdxExpression") or text(value, "value")
