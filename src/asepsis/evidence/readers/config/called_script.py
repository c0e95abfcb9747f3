"""Shell scripts outside the folders of the start: what they start, if something that runs calls them.

A maker's own ``/opt/start.sh``, called from a unit, ``rc.local`` or cron, starts Telnet as well as ``/etc/init.d`` does. Only ways in are told,
and as switched off: :mod:`asepsis.evidence.joined` switches on what an enabled start calls by its full path.

Known ways it lies: a call through a variable, a relative path or a program is not seen, and then the script counts as not called.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.commands import OPENERS, way_in
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.shell import script, script_commands
from asepsis.evidence.protocols.sourced import unsettled
from asepsis.evidence.protocols.started import CALLERS, Start, facts
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Service, StartedProgram, UnsettledStart

_SHEBANG = re.compile(rb"#!\s*/\S*sh\b")
_ELSEWHERE = re.compile(
    r"(?:^|/)etc(?:_ro)?/(?:init\.d|rc\.d|rc[0-6S]?\.d|cron\.\w+|periodic|service|services\.d|sv|runit)/|(?:^|[/_])(?:rc\.local|rcS|rc\.sysinit|rc\.boot"
    r"|rc\.last|boot\.local|local\.start|autorun\.sh|autostart\.sh)$|/(?:run|up)$"
)
"""Scripts that other readers know to be started."""
_WORTH_READING = re.compile(
    rb"(?<![\w-])(?:" + b"|".join(re.escape(name.encode()) for name in sorted(OPENERS | CALLERS)) + rb")(?![\w-])|\.sh\b|/sh\s+\S*tty"
)
"""Every program of :mod:`asepsis.evidence.protocols.commands` that opens a way in, and everything that calls something else."""


class CalledScriptReader:
    """Emits a :class:`StartedProgram` and a :class:`Service` for each way in that a script opens, and a start for each script that it calls."""

    info = ReaderInfo(
        "called_script", "Programs that scripts start", (StartedProgram, Service, UnsettledStart), ("shell scripts outside the folders of the start",)
    )
    signs = Signs(heads=(begins(b"#!"),), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A shell script that no other reader of starts knows."""
        if b"\0" in head or not _SHEBANG.match(head) or _ELSEWHERE.search(path) or is_documentation(path):
            return Sureness.NO
        return Sureness.MAYBE

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Command by command; most scripts name nothing that opens a way in, and a search is cheaper than taking them apart."""
        if not _WORTH_READING.search(source.content()):
            return
        for command in script_commands(source):
            words = command.words
            calls = words[0].startswith("/") and words[0].endswith(".sh")
            named = words[0].rsplit("/", 1)[-1] in CALLERS
            if not (calls or named or way_in(words)):
                continue
            for fact in facts(source.where(line=command.line), words, Start("script", enabled=False, script=True)):
                emit(fact)
        for waiting in unsettled(source, script(source), Start("script", enabled=False)):
            emit(waiting)
