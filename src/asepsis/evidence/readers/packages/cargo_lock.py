"""What Cargo was to build in: ``Cargo.lock``.

TOML with a ``[[package]]`` for each crate: ``name``, ``version``, ``source`` (absent for the program's own), ``dependencies`` (The Cargo Book,
*Cargo.toml vs Cargo.lock*). It is written by a machine, one value a line.

Known ways it lies: it lists crates for every system and every feature, tests included, and lies beside source code more often than beside a program.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_VALUE = re.compile(r'(name|version|source) = "([^"]{1,256})"')
_NEEDED = re.compile(r'\s"([^"\s]{1,128})[^"]*",?$')
_REGISTRY = "registry+"


class CargoLockReader:
    """Emits one :class:`Component` for each crate."""

    info = ReaderInfo("cargo_lock", "Lock files of Cargo", (Component,), ("Cargo.lock",))
    signs = Signs(paths=(ends("Cargo.lock"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and a word of its own."""
        return Sureness.YES if path.endswith("Cargo.lock") and b"[[package]]" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Crate by crate. Raises ``NotThisFormat`` if there is none."""
        crate, needs, first, seen = dict[str, str](), list[str](), 0, False
        for number, line in [*source.lines(), (0, "[[package]]")]:
            if line == "[[package]]":
                seen |= _emit(source, first, crate, needs, emit)
                crate, needs, first = {}, [], number
            elif first and (found := _VALUE.match(line)):
                crate[found[1]] = found[2]
            elif first and (needed := _NEEDED.match(line)):
                needs.append(needed[1])
        if not seen:
            raise NotThisFormat


def _emit(source: BoundedSource, line: int, crate: dict[str, str], needs: list[str], emit: Emit) -> bool:
    """Whether it was a crate."""
    name, version = crate.get("name", ""), crate.get("version", "")
    if not name:
        return False
    emit(
        Component(
            source.where(line=line),
            name[:128],
            version[:128],
            method="lock file",
            confidence=Confidence.WEAK,
            purl=purl("cargo", name, version) if crate.get("source", "").startswith(_REGISTRY) else "",
            depends=tuple(dict.fromkeys(needs)),
        )
    )
    return True
