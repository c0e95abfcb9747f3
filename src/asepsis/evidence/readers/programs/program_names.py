"""By which names a program can be started: links that point at it, and other names of the same file.

A multi-call program (BusyBox, Toybox, dropbearmulti) looks at the name that it was called by, and does something else under each (BusyBox
documentation, *Usage*). The names are those of the tree, not of the program: what it could do besides is not in them.

Known ways it lies: links are made when the device first starts (``busybox --install``) and are not in the image then; a link to a wrapper is none to
the program; a file system without links (FAT) holds copies.
"""

from __future__ import annotations

from asepsis.evidence.protocols import elf
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import ProgramNames

MOST_NAMES = 1000
"""BusyBox with everything in it has about 400."""
_LIBRARY = ".so"


class ProgramNamesReader:
    """Emits a :class:`ProgramNames` for each program that has another name."""

    info = ReaderInfo("program_names", "Names that programs are started by", (ProgramNames,), ("ELF programs",))
    signs = Signs(heads=(begins(elf.MAGIC),))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its magic; the names of a library are versions of it."""
        return Sureness.YES if head.startswith(elf.MAGIC) and _LIBRARY not in path.rpartition("/")[2] else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The names. Raises ``NotThisFormat`` if it has no other, ``LimitReached`` after those that it kept."""
        own = source.path.rpartition("/")[2]
        names = sorted({name for name in source.link_names if name.rpartition("/")[2] != own})
        if not names:
            raise NotThisFormat
        emit(ProgramNames(source.where(), tuple(names[:MOST_NAMES])))
        if len(names) > MOST_NAMES:
            raise LimitReached("program_names", MOST_NAMES, len(names))
