"""What a file is to a part of the software whose version it says: the part itself, a program that holds it, or one that was built with it. No I/O.

The loader's tables tell it (System V ABI: DT_SONAME, DT_NEEDED); where there are none (a Windows program, a broken header, an image), the names of
libraries among its strings do.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cached_property

from asepsis.evidence.protocols import elf
from asepsis.evidence.reader import Malformed
from asepsis.guard.source import BoundedSource

_PROGRAMS = (elf.MAGIC, b"MZ")


class Role(Enum):
    """What the file is to the part."""

    ITSELF = "itself"
    HOLDS = "holds"
    BUILT_WITH = "built with"


class Witness:
    """One file, asked about as many parts as it speaks of; nothing is read before it is asked for."""

    def __init__(self, source: BoundedSource) -> None:
        """Take the file as it is."""
        self._buffer, self._held = source.buffer, dict[bytes, bool]()
        self.name = source.path.rsplit("/", 1)[-1]
        self.is_program = bytes(source.buffer[:4]).startswith(_PROGRAMS)

    @cached_property
    def _elf(self) -> elf.Elf | None:
        try:
            return elf.parse(self._buffer)
        except Malformed:
            return None

    @cached_property
    def soname(self) -> str:
        """The name that a library gives itself; empty if it has none."""
        return self._elf.soname if self._elf else ""

    @cached_property
    def _needs(self) -> tuple[str, ...]:
        return self._elf.needs if self._elf else ()

    def holds(self, text: bytes) -> bool:
        """Whether the file holds ``text`` anywhere."""
        if text not in self._held:
            self._held[text] = elf.holds_any(self._buffer, (text,))
        return self._held[text]

    def role(self, library: str, program: str, inside: bytes = b"") -> Role:
        """What the file is to a part whose libraries' names begin with ``library`` and whose programs are called ``program``.

        Whatever is linked into a program brings the text ``inside`` along: a program without it only speaks of the part.
        """
        names = [name for name in (self.name, self.soname) if name]
        if any((library and re.match(library, name)) or (program and re.fullmatch(program, name)) for name in names):
            return Role.ITSELF
        if not library or not self.is_program:
            return Role.HOLDS
        if inside and not self.holds(inside):
            return Role.BUILT_WITH
        if self._elf:
            return Role.BUILT_WITH if any(re.match(library, name) for name in self._needs) else Role.HOLDS
        loads = re.search(rb"(?<![\w/])(?:" + library.encode() + rb")[\w.+-]{0,24}(?:\.so|\.dll)", self._buffer)
        return Role.BUILT_WITH if loads else Role.HOLDS
