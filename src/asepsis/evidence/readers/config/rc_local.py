"""``/etc/rc.local`` and its like: scripts that run once at the end of the start.

Ordinary shell. Makers put what they forgot into the image here, back doors among it.

Known ways it lies: Debian runs it only if it is executable; ``exit 0`` ends it, and what stands after that never runs.
"""

from __future__ import annotations

import re
from itertools import takewhile

from asepsis.evidence.protocols.shell import Assignment, Command, script
from asepsis.evidence.protocols.sourced import unsettled
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, UnsettledStart

_PATH = re.compile(r"(?:^|[/_])(?:rc\.local|rc\.last|boot\.local|local\.start|autorun\.sh|autostart\.sh)$|etc/(?:rc|profile)\.d/local\.sh$")


class RcLocalReader:
    """Emits :class:`StartedProgram` for each program that is started, and the way in that it opens."""

    info = ReaderInfo("rc_local", "Programs that rc.local starts", (StartedProgram, Service, Listener, UnsettledStart), ("etc/rc.local",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Up to an ``exit`` that stands alone on its line."""
        items = list(takewhile(_goes_on, script(source)))
        for command in items:
            if not isinstance(command, Command):
                continue
            for fact in facts(source.where(line=command.line), command.words, Start("rc.local", script=command.end != "&")):
                emit(fact)
        for waiting in unsettled(source, items, Start("rc.local")):
            emit(waiting)


def _goes_on(item: Assignment | Command) -> bool:
    return not (isinstance(item, Command) and item.words[0] == "exit" and not item.end)
