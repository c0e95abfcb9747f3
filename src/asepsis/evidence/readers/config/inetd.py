"""``/etc/inetd.conf``: services that inetd starts on demand.

``service type protocol wait user program arguments``; the first argument is the program's own name (inetd.conf(5)). A line that is there is
switched on.

Known ways it lies: the service is a name of /etc/services or a bare port; BusyBox accepts an address before it.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols import commands
from asepsis.evidence.protocols.command_line import SHELLS, base, port_of
from asepsis.evidence.protocols.started import Start
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.protocols.told import started
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Listener, Service, StartedProgram, StoredSecret

_PATH = re.compile(r"(?:^|/)(?:inetd\.conf|inetd\.d/[^/]+)$")
_FIELDS = 6
_NO_LOG_IN = {"shell": "rsh", "login": "rsh", "exec": "rsh"}
_INTERNAL = {"echo": 7, "discard": 9, "daytime": 13, "qotd": 17, "chargen": 19, "time": 37}
"""What inetd answers by itself, to anybody (inetd(8)): it lets nobody in, but it can be kept busy."""


class InetdReader:
    """Emits :class:`StartedProgram` for each line, the way in that it opens and the secrets in it."""

    info = ReaderInfo("inetd", "Services of inetd", (StartedProgram, Service, Listener, StoredSecret), ("etc/inetd.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; ``internal`` services are inetd itself."""
        for number, words in word_lines(source.lines()):
            if len(words) < _FIELDS or words[1] not in {"stream", "dgram"}:
                continue
            where, name = source.where(line=number), words[0].rsplit(":", 1)[-1]
            port = port_of(words[0])
            if port:
                emit(Listener(where, port, words[2][:3], "", words[5]))
            if base(words[5]) in SHELLS:
                emit(
                    Service(
                        where,
                        "bind-shell",
                        base(words[5]),
                        Auth.NONE,
                        False,
                        True,
                        port,
                        root_log_in=words[4] == "root",
                        detail="a shell for whoever connects",
                    )
                )
            if words[5] == "internal" and name in _INTERNAL:
                detail = f"answers every packet over {words[2][:3]}"
                emit(Service(where, name, "inetd", Auth.NONE, encrypted=False, enabled=True, port=_INTERNAL[name], gives=Gives.STOP, detail=detail))
                continue
            for fact in started(source, number, (words[5], *_arguments(words)), Start("inetd", user=words[4].split(".")[0], run_levels="")):
                emit(fact)
            if name in _NO_LOG_IN and not commands.way_in((words[5], *_arguments(words))):
                emit(Service(where, _NO_LOG_IN[name], base(words[5]), encrypted=False, enabled=True))


def _arguments(words: list[str]) -> list[str]:
    """The first argument repeats the program's name, except with BusyBox where it is the applet."""
    if base(words[5]) in {"tcpd", "busybox"}:
        return words[6:]
    return words[7:]
