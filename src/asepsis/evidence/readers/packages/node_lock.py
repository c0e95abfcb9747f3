"""What npm installed or was to install: ``package-lock.json``, ``npm-shrinkwrap.json``, ``node_modules/.package-lock.json``.

npm documentation, *package-lock.json*. Version 1 nests ``dependencies``; 2 and 3 have ``packages`` by their path (``node_modules/a/node_modules/b``),
the application itself under the empty one. ``dev`` marks what only its makers need, ``link`` another place of the same package.

Known ways it lies: it says what was wanted, not what is there, except for the hidden one in ``node_modules``; what is optional is left out on other
systems; a package under another name (``name``) is called by its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from asepsis.evidence.protocols.json_object import json_object, key_lines, section, string
from asepsis.evidence.protocols.npm import npm_purl
from asepsis.evidence.protocols.products import product_of_package
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_NAMES = ("package-lock.json", "npm-shrinkwrap.json")
_HIDDEN = "node_modules/.package-lock.json"
_MODULES = "node_modules/"


class NodeLockReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo("node_lock", "Lock files of npm", (Component,), _NAMES)
    signs = Signs(paths=(ends(*_NAMES),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name."""
        return Sureness.YES if path.endswith(_NAMES) and b"{" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON, ``NotThisFormat`` if it locks nothing."""
        text = source.content().decode("utf-8-sig", "replace")
        whole = json_object(text)
        if "lockfileVersion" not in whole and "packages" not in whole and "dependencies" not in whole:
            raise NotThisFormat
        lines = key_lines(text)
        there = source.path.endswith(_HIDDEN)
        for key, name, package in _by_path(whole) if "packages" in whole else _nested(whole):
            version = string(package, "version")
            if name and version and not (package.get("dev") or package.get("devOptional") or package.get("link")):
                likely = Confidence.WEAK if package.get("optional") else Confidence.LIKELY
                emit(
                    Component(
                        source.where(line=lines.get(key)),
                        name[:128],
                        version[:128],
                        product_of_package("npm", name),
                        "lock file",
                        Confidence.CONFIRMED if there else likely,
                        npm_purl(name, version),
                        licence=string(package, "license")[:256],
                        depends=tuple(section(package, "requires") or _needs(package)),
                    )
                )


def _by_path(whole: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Key, name and entry of each package of versions 2 and 3; the application itself is none."""
    for path, package in section(whole, "packages").items():
        if isinstance(package, dict) and _MODULES in path:
            yield path, string(package, "name") or path.rpartition(_MODULES)[2], package


def _nested(whole: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The same of version 1, outer ones first."""
    waiting = deque([section(whole, "dependencies")])
    while waiting:
        for name, package in waiting.popleft().items():
            if isinstance(package, dict):
                yield name, name, package
                waiting.append(_needs(package))


def _needs(package: dict[str, Any]) -> dict[str, Any]:
    return section(package, "dependencies")
