"""Crates of programs written in Rust that were built with ``cargo auditable``: the section ``.dep-v0``.

A zlib stream of JSON (*cargo-auditable*, PARSING.md): ``packages`` with ``name``, ``version``, ``source`` (``crates.io``, ``registry``, ``git``,
``local``), ``kind`` (``build`` where only the build needs it), ``dependencies`` as numbers of the list, and ``root`` for the program itself.

Known ways it lies: only programs that were built this way have it; a crate of which no function is called is listed all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.json_object import json_object, string
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.protocols.sections import section
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo
from asepsis.guard.inflate import Broken, inflate
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_SECTION = b".dep-v0"
_LONGEST = 8 * MIB
"""What the format's own readers take."""
_REGISTRY = "crates.io"


class RustAuditReader:
    """Emits a :class:`Component` for each crate."""

    info = ReaderInfo("rust_audit", "Crates of programs written in Rust", (Component,), ("ELF", "PE"))
    patterns = (Pattern("rust audit", rb"\.dep-v0\x00", before=16, after=0, once=True),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:  # noqa: ARG002 - the name opens the door
        """The section. Raises ``Malformed`` if it holds something else."""
        found = section(source, _SECTION)
        if found is None:
            return
        place = found.where(offset=0)
        try:
            whole = json_object(inflate(found.buffer, _LONGEST))
        except Broken as error:
            raise Malformed("the list of crates is no zlib stream", offset=place.offset) from error
        listed = whole.get("packages")
        crates = [crate if isinstance(crate, dict) else {} for crate in listed] if isinstance(listed, list) else []
        for crate in crates:
            name, version = string(crate, "name"), string(crate, "version")
            if name and crate.get("kind", "runtime") == "runtime":
                url = purl("cargo", name, version) if string(crate, "source") == _REGISTRY else ""
                emit(
                    Component(
                        place,
                        name[:128],
                        version[:128],
                        method="build information",
                        confidence=Confidence.CONFIRMED,
                        purl=url,
                        depends=_needs(crate, crates),
                    )
                )


def _needs(crate: dict[str, Any], crates: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    numbers = crate.get("dependencies")
    known = [number for number in numbers if isinstance(number, int) and 0 <= number < len(crates)] if isinstance(numbers, list) else []
    return tuple(dict.fromkeys(name for number in known if (name := string(crates[number], "name"))))
