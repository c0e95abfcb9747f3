"""``/etc/securetty``: the terminals on which root may log in.

One name a line, without ``/dev/`` (securetty(5)). Whoever comes over the network has a pseudo-terminal, ``pts/0`` or ``ttyp0``. An empty file
keeps root out everywhere.

Known ways it lies: only ``login`` heeds it, and only where it is told to (``pam_securetty`` of Linux-PAM) or was built to (BusyBox).
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)etc/securetty$")
MOST_TERMINALS = 2000
"""A list of the distributions has about four hundred."""


class SecurettyReader:
    """Emits a :class:`LogInPolicy` for each terminal, and one without a name for the list as such."""

    info = ReaderInfo("securetty", "Terminals on which root may log in", (LogInPolicy,), ("etc/securetty",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only: an empty list means something."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Each line is a terminal; a name is said once."""
        emit(LogInPolicy(source.where(), "securetty", "terminal"))
        told: set[str] = set()
        for number, words in word_lines(source.lines()):
            name = words[0].removeprefix("/dev/")[:32]
            if name not in told and len(told) < MOST_TERMINALS:
                told.add(name)
                emit(LogInPolicy(source.where(line=number), "securetty", "terminal", name))
