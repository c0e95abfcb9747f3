"""What runs when something is plugged in: udev rules and ``mdev.conf``.

udev: ``KEY=="value", RUN+="PROGRAM ARGUMENTS"`` (udev(7)); mdev: ``DEVICE USER:GROUP MODE [@|$|*]COMMAND`` (BusyBox, docs/mdev.txt). A rule for
storage that calls a maker's script is how a memory stick installs an update without anybody's leave; what the script does is read where it lies.

Known ways it lies: udev ends a program that runs for long; conditions of a rule may never hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.started import Start
from asepsis.evidence.protocols.told import started
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|/)udev/rules\.d/[^/]+\.rules$|(?:^|/)etc/mdev\.conf$")
_RUN = re.compile(r"\bRUN(?:\{program\})?\s*\+?=\s*\"((?:[^\"\\]|\\.){1,512})\"")
_MDEV = re.compile(r"\s*-?\S+\s+\S+:\S+\s+[0-7]+\s+(?:[=>]\S*\s+|!\s+)?[@*](\S.*)")


class DeviceEventsReader:
    """Emits :class:`StartedProgram` for each program with a full path, the way in that it opens and the secrets in it."""

    info = ReaderInfo(
        "device_events",
        "Programs that run when something is plugged in",
        (StartedProgram, Service, Listener, StoredSecret),
        ("udev/rules.d/*.rules", "etc/mdev.conf"),
    )
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        by = "udev" if source.path.endswith(".rules") else "mdev"
        for number, line in source.lines():
            for command in _commands(line[:8192], by):
                for fact in started(source, number, words_of(command), Start(by, enabled=True, user="root", script=True)):
                    emit(fact)


def _commands(line: str, by: str) -> Iterator[str]:
    if line.lstrip().startswith("#"):
        return
    if by == "udev":
        yield from (found.group(1) for found in _RUN.finditer(line))
    else:
        yield from (found.group(1) for found in [_MDEV.match(line)] if found)
