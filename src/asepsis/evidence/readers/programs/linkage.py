"""What an ELF program or library is linked with: its own name, the libraries it needs, the functions it takes from them.

System V ABI, dynamic section and symbols: DT_SONAME, DT_NEEDED, and the symbols that another file must provide (SHN_UNDEF, STT_FUNC or no type).

Known ways it lies: a program may load more by ``dlopen``; what is linked into it does not show; a wrapper may put another library in the place of
one that is needed.
"""

from __future__ import annotations

from asepsis.evidence.protocols import elf
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Linkage

MOST_NEEDS, MOST_IMPORTS = 500, 20_000
"""Kept of each file: no device's program has more that was not made to fill a report."""


class LinkageReader:
    """Emits a :class:`Linkage` for each program that a loader completes."""

    info = ReaderInfo("linkage", "What programs are linked with", (Linkage,), ("ELF programs and libraries",))
    signs = Signs(heads=(begins(elf.MAGIC),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - a program's name says nothing
        """By its magic; that it is a program and no object file is seen in ``read``."""
        return Sureness.YES if head.startswith(elf.MAGIC) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The loader's tables. Raises ``LimitReached`` after what it kept, so that nobody takes the rest for absent."""
        program = elf.program_in(source)
        if program is None or not program.dynamic:
            raise NotThisFormat
        imports = sorted(set(elf.imports_in(source).values()))
        needs = tuple(name for name in program.needs if name)
        if program.soname or needs or imports:
            emit(Linkage(source.where(), program.soname, needs[:MOST_NEEDS], tuple(imports[:MOST_IMPORTS])))
        for limit, most, number in (("needed_libraries", MOST_NEEDS, len(needs)), ("imported_functions", MOST_IMPORTS, len(imports))):
            if number > most:
                raise LimitReached(limit, most, number)
