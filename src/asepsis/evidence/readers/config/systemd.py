"""systemd units: services and sockets, and whether they are switched on.

``[Service] ExecStart=`` (systemd.service(5)); a unit is switched on if a link to it lies in a ``*.wants`` or ``*.requires`` folder, which is what
``systemctl enable`` makes. Prefixes ``-@:+!`` of a command are no part of it. A ``.socket`` unit opens its port before its service runs.

Known ways it lies: a generator or another unit may pull a unit in without a link; drop-in folders may replace ``ExecStart``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from asepsis.evidence.protocols import commands
from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram

_PATH = re.compile(r"systemd/(?:.*/)?[^/]+\.(?:service|socket)(?:\.d/[^/]+\.conf)?$")
_PULLED_IN = re.compile(r"\.(?:wants|requires)/")
_TERMINAL = re.compile(r"getty@([\w-]+)\.service")
_STARTS = frozenset({"ExecStart", "ExecStartPre", "ExecStartPost"})


class SystemdReader:
    """Emits :class:`StartedProgram` for each start, the way in that it opens, and a :class:`Listener` for each port of a socket unit."""

    info = ReaderInfo("systemd", "Programs that systemd starts", (StartedProgram, Service, Listener), ("*.service", "*.socket"))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section header in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All entries first: the user may stand after the command."""
        entries = list(key_file(_joined(source)))
        if not entries:
            raise NotThisFormat
        names = (source.path, *source.link_names)
        enabled = any(_PULLED_IN.search(name) for name in names)
        user = next((entry.value for entry in entries if entry.key == "User"), "")
        terminal = next((found.group(1) for name in names for found in _TERMINAL.finditer(name)), "")
        for entry in entries:
            if entry.key in _STARTS:
                _emit_start(source, entry, Start("systemd", enabled, "", user, terminal), emit)
            elif entry.key in {"ListenStream", "ListenDatagram"} and enabled and commands.port_of(entry.value):
                transport = "tcp" if entry.key == "ListenStream" else "udp"
                port = commands.port_of(entry.value) or 0
                emit(Listener(source.where(line=entry.line), port, transport, commands.address_of(entry.value), source.path.rsplit("/", 1)[-1]))


def _emit_start(source: BoundedSource, entry: Entry, start: Start, emit: Emit) -> None:
    command = entry.value.lstrip("-@:+!|")
    for specifier in ("%I", "%i"):
        command = command.replace(specifier, start.terminal or specifier)
    for fact in facts(source.where(line=entry.line), words_of(command), start):
        # A getty of a unit that is not pulled in serves nobody; a template's terminal is known only from its link.
        emit(replace(fact, enabled=start.enabled) if isinstance(fact, Service) else fact)


def _joined(source: BoundedSource) -> list[tuple[int, str]]:
    """Lines with their continuations joined."""
    joined: list[tuple[int, str]] = []
    pending = False
    for number, line in source.lines():
        text = line.rstrip()
        cut = text.removesuffix("\\")
        if pending and joined and len(joined[-1][1]) < 8192:  # noqa: PLR2004
            joined[-1] = (joined[-1][0], joined[-1][1] + " " + cut)
        else:
            joined.append((number, cut))
        pending = text.endswith("\\")
    return joined
