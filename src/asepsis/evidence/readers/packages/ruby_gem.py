"""Gems that are installed: ``gems/VERSION/specifications/NAME-VERSION.gemspec``.

RubyGems writes it when it installs a gem: a line ``# stub: NAME VERSION PLATFORM …`` for its own quick reading, then Ruby with ``s.authors``,
``s.licenses`` and ``s.add_runtime_dependency`` (RubyGems Guides, *Specification reference*). What a developer wrote has no such line and is not read:
it may compute its version.

Known ways it lies: a gem of the language itself (``specifications/default``) may have been replaced by a newer one beside it; an application that is
packed into one file leaves none.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_PATH = re.compile(r"specifications/(?:default/)?[^/]+\.gemspec$")
_STUB = re.compile(r"# stub: ([A-Za-z0-9][\w.-]{0,127}) (\d[\w.]{0,127}) (\S{1,64})")
_TEXTS = re.compile(r"\ss\.(authors|licenses) = \[(.{0,2000})\]")
_TEXT = re.compile(r'"([^"]{1,128})"')
_NEED = re.compile(r"s\.add_(?:runtime_)?dependency\(%q<([\w.-]{1,128})>")
_ANY_PLATFORM = "ruby"


class RubyGemReader:
    """Emits one :class:`Component`."""

    info = ReaderInfo("ruby_gem", "Gems of Ruby", (Component,), ("specifications/*.gemspec",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its place and the line for RubyGems."""
        return Sureness.YES if path.endswith(".gemspec") and _PATH.search(path) and b"# stub: " in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line. Raises ``NotThisFormat`` without a name and a version."""
        lines = list(source.lines())
        stub = next(((number, found) for number, line in lines[:8] if (found := _STUB.match(line))), None)
        if stub is None:
            raise NotThisFormat
        line, (name, version, platform) = stub[0], stub[1].groups()
        texts = {found[1]: _TEXT.findall(found[2]) for _, text in lines if (found := _TEXTS.search(text))}
        needs = dict.fromkeys(found[1] for _, text in lines if (found := _NEED.search(text)))
        emit(
            Component(
                source.where(line=line),
                name,
                version,
                method="package metadata",
                confidence=Confidence.CONFIRMED,
                purl=purl("gem", name, version, platform="" if platform == _ANY_PLATFORM else platform),
                supplier=next(iter(texts.get("authors", ())), ""),
                licence=" OR ".join(texts.get("licenses", ()))[:256],
                depends=tuple(needs),
            )
        )
