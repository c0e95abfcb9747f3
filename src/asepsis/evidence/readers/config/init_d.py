"""Start scripts: System V ``/etc/init.d``, BusyBox ``S??name``, OpenWrt procd, OpenRC, Android's ``*.sh`` beside them.

A script is switched on if a link ``rc?.d/S??name`` points at it, if its own name is ``S??name`` (BusyBox runs those in order), or if it is
``rcS`` itself; with OpenRC if a link lies in ``etc/runlevels/LEVEL``, and what it starts stands in ``command`` and ``command_args``
(openrc-run(8)). Otherwise another script may still call it; :mod:`asepsis.evidence.joined` looks for that. Commands are told without running
the script (:mod:`asepsis.evidence.protocols.shell`).

Known ways it lies: a condition in the script (a settings file, a jumper) may keep the program from starting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.shell import Assignment, Command, script, words_of
from asepsis.evidence.protocols.sourced import unsettled
from asepsis.evidence.protocols.started import Start, facts, runs_by_its_place
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, UnsettledStart

_PATH = re.compile(r"(?:^|/)etc(?:_ro)?/(?:init\.d|rc\.d/init\.d|rc[0-6S]?\.d)/[^/]+$|(?:^|/)(?:rcS|rc\.sysinit|rc\.boot)$")
_NOT_A_SCRIPT = re.compile(r"/(?:README|functions|skeleton|\.[^/]*|[^/]*\.(?:orig|bak|sample))$")
_LEVEL = re.compile(r"rc([0-6S])\.d/S\d\d")
_RUN_LEVEL = re.compile(r"(?:^|/)etc/runlevels/(?!shutdown/|off/)([\w.-]+)/[^/]+$")
_COMMAND = ("command", "command_args", "command_args_foreground")
"""Variables that name what an OpenRC script starts."""
_OPENRC = re.compile(rb"\A#!\s*/\S*(?:openrc-run|runscript)\b")


class InitScriptReader:
    """Emits :class:`StartedProgram` for each program a script starts, and the way in that it opens."""

    info = ReaderInfo(
        "init_d", "Programs that start scripts start", (StartedProgram, Service, Listener, UnsettledStart), ("etc/init.d/*", "etc/rc?.d/S*", "rcS")
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder; binaries in it are not scripts."""
        return Sureness.YES if _PATH.search(path) and not _NOT_A_SCRIPT.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Each command of the script."""
        names = (source.path, *source.link_names)
        enabled = runs_by_its_place(names)
        levels = "".join(sorted({found.group(1) for name in names for found in _LEVEL.finditer(name)}))
        levels = levels or " ".join(sorted({found.group(1) for name in names for found in _RUN_LEVEL.finditer(name)}))
        head = bytes(source.buffer[:256])
        by = "procd" if b"rc.common" in head else "openrc" if _OPENRC.match(head) else "init.d"
        start, seen = Start(by, enabled, levels, script=True), 0
        items = list(_openrc(source) if by == "openrc" else script(source))
        for command in items:
            if not isinstance(command, Command):
                continue
            seen += 1
            for fact in facts(source.where(line=command.line), command.words, start):
                emit(fact)
        own = [f". /etc/conf.d/{source.path.rpartition('/')[2]}"] if by == "openrc" else []
        for waiting in unsettled(source, items, start, own):
            emit(waiting)
        if not seen:
            raise NotThisFormat


def _openrc(source: BoundedSource) -> Iterator[Assignment | Command]:
    """What an OpenRC script holds, and the command that its variables name; ``/etc/conf.d`` is read before it."""
    named: dict[str, Assignment] = {}
    for item in script(source):
        yield item
        if isinstance(item, Assignment) and item.name in _COMMAND:
            named.setdefault(item.name, item)
    if "command" in named:
        parts = [words_of(named[name].value) for name in _COMMAND if name in named]
        yield Command(
            named["command"].line, tuple(word for part in parts for word in part), written=" ".join(f"${name}" for name in _COMMAND if name in named)
        )
