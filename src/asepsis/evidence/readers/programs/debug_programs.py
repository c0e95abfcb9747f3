"""Servers of debuggers that lie in the software: gdbserver, lldb-server, the TCF agent, Delve, Visual Studio's remote debugger.

A program is known by its file name and its head (ELF, PE). That it lies there says that it was not taken out before delivery (CWE-489), not
that it runs: a start is read where it is written, and then speaks for itself.

Known ways it lies: any program may carry such a name; a debugger under another name, or inside another program, is not seen.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.executables import architecture
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Service

NAMES = {
    "gdbserver": "a debugger's server",
    "lldb-server": "a debugger's server",
    "dlv": "a debugger's server for Go",
    "tcf-agent": "target communication framework",
    "msvsmon.exe": "Visual Studio's remote debugger",
}
_PATH = re.compile(rf"(?:^|/)(?:{'|'.join(map(re.escape, NAMES))})$")


class DebugProgramsReader:
    """Emits a :class:`Service` ``debug-agent`` of weak confidence: present, no start seen here."""

    info = ReaderInfo("debug_programs", "Debugging programs that were left in", (Service,), tuple(NAMES))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By its name, and because it is a program."""
        return Sureness.YES if _name(path) in NAMES and architecture(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The name says it all."""
        name = _name(source.path)
        emit(Service(source.where(), "debug-agent", program=name, auth=Auth.UNKNOWN, detail=NAMES.get(name, ""), confidence=Confidence.WEAK))


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]
