"""What Yarn was to install: ``yarn.lock``.

Version 1 is a format of its own, later ones are YAML of the same shape (Yarn documentation, *Lockfile*)::

    "@scope/name@^1.0.0", "@scope/name@^1.2.0":      "name@npm:^1.0.0":
      version "1.2.3"                                  version: 1.2.3

Known ways it lies: it says what was wanted, development tools included, not what is there; a package from another place keeps its name.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.npm import npm_purl
from asepsis.evidence.protocols.products import product_of_package
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, ends
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_NAMED = re.compile(r'"?((?:@[^@/\s"]{1,200}/)?[^@/\s",:]{1,200})@')
_VERSION = re.compile(r'  version:? "?([^"\s]{1,128})"?$')
_LOCAL = "0.0.0-use.local"
"""The version of what belongs to the application itself."""


class YarnLockReader:
    """Emits one :class:`Component` for each package."""

    info = ReaderInfo("yarn_lock", "Lock files of Yarn", (Component,), ("yarn.lock",))
    signs = Signs(paths=(ends("yarn.lock"),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name and a word of its own."""
        return Sureness.YES if path.endswith("yarn.lock") and (b"yarn lockfile" in head or b"__metadata:" in head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Entry by entry. Raises ``NotThisFormat`` if there is none."""
        name, first, seen = "", 0, False
        for number, line in source.lines():
            found = _NAMED.match(line) if line.endswith(":") and line[:1] not in {" ", "#"} else None
            if found or not line:
                name, first = (found[1], number) if found else ("", 0)
                continue
            version = _VERSION.match(line) if name else None
            if version and version[1] != _LOCAL:
                product, url = product_of_package("npm", name), npm_purl(name, version[1])
                emit(Component(source.where(line=first), name[:128], version[1], product, "lock file", Confidence.WEAK, url))
                name, seen = "", True
        if not seen:
            raise NotThisFormat
