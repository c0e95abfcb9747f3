"""Start scripts: System V ``/etc/init.d``, BusyBox ``S??name``, OpenWrt procd, Android's ``*.sh`` beside them.

A script is switched on if a link ``rc?.d/S??name`` points at it, if its own name is ``S??name`` (BusyBox runs those in order), or if it is
``rcS`` itself. Otherwise another script may still call it; :mod:`asepsis.evidence.joined` looks for that. Commands are told without running
the script (:mod:`asepsis.evidence.protocols.shell`).

Known ways it lies: a condition in the script (a settings file, a jumper) may keep the program from starting.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.shell import commands
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram

_PATH = re.compile(r"(?:^|/)etc(?:_ro)?/(?:init\.d|rc\.d/init\.d|rc[0-6S]?\.d)/[^/]+$|(?:^|/)(?:rcS|rc\.sysinit|rc\.boot)$")
_NOT_A_SCRIPT = re.compile(r"/(?:README|functions|skeleton|\.[^/]*|[^/]*\.(?:orig|bak|sample))$")
_SWITCHED_ON = re.compile(r"(?:^|/)rc[0-6S]?\.d/S\d\d|^S\d\d")
_LEVEL = re.compile(r"rc([0-6S])\.d/S\d\d")


class InitScriptReader:
    """Emits :class:`StartedProgram` for each program a script starts, and the way in that it opens."""

    info = ReaderInfo("init_d", "Programs that start scripts start", (StartedProgram, Service, Listener), ("etc/init.d/*", "etc/rc?.d/S*", "rcS"))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder; binaries in it are not scripts."""
        return Sureness.YES if _PATH.search(path) and not _NOT_A_SCRIPT.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Each command of the script."""
        names = (source.path, *source.link_names)
        enabled = True if any(map(_is_switched_on, names)) else None
        levels = "".join(sorted({found.group(1) for name in names for found in _LEVEL.finditer(name)}))
        by = "procd" if b"rc.common" in bytes(source.buffer[:256]) else "init.d"
        seen = 0
        for command in commands(source.lines()):
            seen += 1
            for fact in facts(source.where(line=command.line), command.words, Start(by, enabled, levels, script=True)):
                emit(fact)
        if not seen:
            raise NotThisFormat


def _is_switched_on(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return _SWITCHED_ON.search(name) is not None or _SWITCHED_ON.match(last) is not None or last in {"rcS", "rc.sysinit", "rc.boot"}
