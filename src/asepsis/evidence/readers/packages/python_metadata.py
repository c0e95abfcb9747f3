"""Python packages: ``NAME-VERSION.dist-info/METADATA`` of wheels, ``*.egg-info/PKG-INFO`` and ``*.egg-info`` of older tools.

Header lines as of e-mail, up to the first empty line (PyPA, *Core metadata specifications*): ``Name``, ``Version``, ``License-Expression`` (SPDX) or
``License``, ``Author``, ``Requires-Dist``.

Known ways it lies: ``License`` may hold the whole text of one; what is required only for an extra need not be there; packages that are built into one
program (PyInstaller) leave no metadata; a vendored copy (``pip/_vendor``) has none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from asepsis.evidence.protocols.control_file import person
from asepsis.evidence.protocols.products import product_of_package
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATHS = (".dist-info/METADATA", ".egg-info/PKG-INFO", "EGG-INFO/PKG-INFO", ".egg-info")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"\bextra\s*==")
_LICENCE_NAME = 100
"""Characters of a licence's name; longer ones are its text."""
_UNKNOWN = "UNKNOWN"
"""What older tools write for a field that nobody gave."""


class PythonMetadataReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("python_metadata", "Python packages", (Component,), ("*.dist-info/METADATA", "*.egg-info/PKG-INFO"))
    signs = Signs(paths=(ends(*_PATHS),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and the first field."""
        return Sureness.YES if path.endswith(_PATHS) and b"Metadata-Version:" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The header. Raises ``NotThisFormat`` if it names nothing."""
        fields = _header(source)
        name, version = fields.get("name", [""])[0], fields.get("version", [""])[0]
        if not name:
            raise NotThisFormat
        emit(
            Component(
                source.where(line=1),
                name[:128],
                version[:128],
                product_of_package("pypi", name),
                "package metadata",
                Confidence.CONFIRMED,
                purl("pypi", name, version),
                supplier=_supplier(fields),
                licence=_licence(fields),
                depends=_required(fields.get("requires-dist", ())),
            )
        )


def _header(source: BoundedSource) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for _, line in source.lines():
        if not line:
            break
        name, found, value = line.partition(":")
        if found and not name[:1].isspace() and value.strip() != _UNKNOWN:
            fields.setdefault(name.lower(), []).append(value.strip())
    return fields


def _supplier(fields: dict[str, list[str]]) -> str:
    return next((person(fields[key][0]) for key in ("author", "maintainer", "author-email") if person(fields.get(key, [""])[0])), "")


def _licence(fields: dict[str, list[str]]) -> str:
    """The expression, else the short name, else what the classifiers say."""
    for key in ("license-expression", "license"):
        value = fields.get(key, [""])[0]
        if value and len(value) <= _LICENCE_NAME:
            return value
    named = (line.rpartition("::")[2].strip() for line in fields.get("classifier", ()) if line.startswith("License ::"))
    return " AND ".join(name for name in named if name != "OSI Approved")[:256]


def _required(lines: Iterable[str]) -> tuple[str, ...]:
    names = (found[0] for line in lines if (found := _NAME.match(line)) and not _EXTRA.search(line.partition(";")[2]))
    return tuple(dict.fromkeys(names))
