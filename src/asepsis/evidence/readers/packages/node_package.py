"""Packages of Node.js that are there: ``node_modules/NAME/package.json``.

JSON with ``name``, ``version``, ``license`` (SPDX, or an object in old packages), ``author``, ``dependencies`` (npm documentation, *package.json*).
Files of that name elsewhere in a package mark a folder or belong to its tests.

Known ways it lies: a bundle of scripts (webpack, esbuild) holds packages and names none; a fork keeps the name; a development tool may have been left
in.
"""

from __future__ import annotations

import re
from typing import Any

from asepsis.evidence.protocols.control_file import person
from asepsis.evidence.protocols.json_object import read_object, section, string
from asepsis.evidence.protocols.npm import npm_purl
from asepsis.evidence.protocols.products import product_of_package
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/@]+/package\.json$")


class NodePackageReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("node_package", "Packages of Node.js", (Component,), ("node_modules/**/package.json",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its place."""
        return Sureness.YES if path.endswith("/package.json") and _PATH.search(path) and b"{" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON, ``NotThisFormat`` if it names nothing."""
        package = read_object(source)
        name, version = string(package, "name"), string(package, "version")
        if not name:
            raise NotThisFormat
        emit(
            Component(
                source.where(),
                name[:128],
                version[:128],
                product_of_package("npm", name),
                "package metadata",
                Confidence.CONFIRMED,
                npm_purl(name, version),
                supplier=person(_named(package.get("author"), "name")),
                licence=_licence(package),
                depends=tuple(section(package, "dependencies")),
            )
        )


def _named(value: Any, key: str) -> str:
    """A text, or the text below ``key`` of an object."""
    return string(value, key) if isinstance(value, dict) else value if isinstance(value, str) else ""


def _licence(package: dict[str, Any]) -> str:
    several = package.get("licenses")
    given = [package.get("license"), *(several if isinstance(several, list) else [several])]
    return " OR ".join(filter(None, (_named(one, "type") for one in given)))[:256]
