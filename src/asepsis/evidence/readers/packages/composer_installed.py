"""Packages of PHP that Composer installed: ``vendor/composer/installed.json``.

An object with ``packages`` (Composer 2), or a list of them (Composer 1); each has ``name`` (``VENDOR/PACKAGE``), ``version``, ``license``,
``authors`` and ``require`` (*The composer.json schema*). Names with a slash are packages; ``php`` and ``ext-…`` are what the platform must have.

Known ways it lies: a branch has no version (``dev-main``); packages for tests are listed where they were left in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from asepsis.evidence.protocols.json_object import json_object, section, string
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PLACE = "composer/installed.json"
_NAMED = re.compile(r'"name"\s?:\s?"([^"\\\n]{1,256})"')


class ComposerInstalledReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo("composer_installed", "Packages of PHP", (Component,), ("vendor/composer/installed.json",))
    signs = Signs(paths=(ends(_PLACE),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its place."""
        return Sureness.YES if path.endswith(_PLACE) and (b"{" in head or b"[" in head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON, ``NotThisFormat`` if it lists no packages."""
        text = source.content().decode("utf-8-sig", "replace")
        whole = json_object(text if text.lstrip()[:1] == "{" else f'{{"packages":{text}}}')
        packages = whole.get("packages")
        if not isinstance(packages, list):
            raise NotThisFormat
        lines = dict[str, int](_lines(text))
        for package in packages:
            name = string(package, "name") if isinstance(package, dict) else ""
            if name:
                emit(_component(source, lines.get(name), name, package))


def _lines(text: str) -> Iterator[tuple[str, int]]:
    line, at = 1, 0
    for found in _NAMED.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        yield found[1], line


def _component(source: BoundedSource, line: int | None, name: str, package: dict[str, Any]) -> Component:
    version = string(package, "version").removeprefix("v")
    vendor, _, bare = name.partition("/")
    authors = package.get("authors")
    author = next((string(one, "name") for one in authors if isinstance(one, dict)), "") if isinstance(authors, list) else ""
    licences = package.get("license")
    return Component(
        source.where(line=line),
        name[:128],
        version[:128],
        method="package metadata",
        confidence=Confidence.CONFIRMED,
        purl=purl("composer", bare, version, namespace=vendor) if bare else "",
        supplier=author[:128],
        licence=" OR ".join(one for one in licences if isinstance(one, str))[:256] if isinstance(licences, list) else "",
        depends=tuple(need for need in section(package, "require") if "/" in need),
    )
