"""``/etc/inittab``: what init starts, consoles among it.

System V: ``id:run levels:action:command``; BusyBox: ``terminal:ignored:action:command``, so that ``::respawn:telnetd`` and
``ttyS0::askfirst:/bin/sh`` are services and consoles (inittab(5), BusyBox examples/inittab).

Known ways it lies: BusyBox ignores the run levels; with System V a line counts only in the run levels that the device uses.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.protocols.told import secrets_of
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|[/_])inittab(?:[-.~][^/]*)?$")
_LINE = re.compile(r"([^:\s#]{0,32}):([0-9A-Za-z]{0,16}):(\w+):(.*)$")
_STARTS = frozenset({"respawn", "wait", "once", "boot", "bootwait", "sysinit", "askfirst", "ondemand", "respawnlate", "askconsole", "askconsolelate"})
_NEVER = frozenset({"0", "6", "S"})


class InittabReader:
    """Emits :class:`StartedProgram` for each started line, the way in that it opens and the secrets in it."""

    info = ReaderInfo("inittab", "Programs that init starts", (StartedProgram, Service, Listener, StoredSecret), ("etc/inittab",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b":" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        seen = 0
        for number, line in source.lines():
            found = _LINE.match(line.strip())
            if not found:
                continue
            seen += 1
            name, levels, action, command = found.groups()
            if action not in _STARTS or (levels and set(levels) <= _NEVER):
                continue
            words = words_of(command.lstrip("-+@ "))
            for secret in secrets_of(source, number, words):
                emit(secret)
            for fact in facts(source.where(line=number), words, Start("inittab", run_levels=levels, terminal=name)):
                emit(fact)
        if not seen:
            raise NotThisFormat
