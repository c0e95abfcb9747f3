"""systemd units: services, sockets, timers and paths, and whether they are switched on.

``[Service] ExecStart=`` (systemd.service(5)); a unit is switched on if a link to it lies in a ``*.wants`` or ``*.requires`` folder, which is what
``systemctl enable`` makes, or if a unit that is on names it in ``Wants=`` or ``Requires=``; of one that is off ``[Install]`` says where a link would
lie. Prefixes ``-@:+!`` of a command are no part of it. A ``.socket`` unit opens its port before its service runs; a ``.timer`` and a ``.path`` start
the unit of their name. What the files of one unit do to each other (drop-ins, masks) is settled in :mod:`asepsis.evidence.protocols.units`,
presets in :mod:`asepsis.evidence.protocols.presets`.

Known ways it lies: a generator, D-Bus or udev may pull a unit in without a link; a ``Condition…=`` may keep it from starting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.protocols.commands import way_in
from asepsis.evidence.protocols.credentials import find
from asepsis.evidence.protocols.shell import words_of
from asepsis.evidence.protocols.sourced import quoted, that_matter, unsettled_start
from asepsis.evidence.protocols.started import Start, facts
from asepsis.evidence.protocols.text import Entry, key_file
from asepsis.evidence.protocols.told import secrets_of
from asepsis.evidence.protocols.units import unit_of
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Listener, Service, StartedProgram, StoredSecret, UnsettledStart

_PATH = re.compile(r"systemd/(?:.*/)?[^/]+\.(?:service|socket|timer|path)(?:\.d/[^/]+\.conf)?$")
_PULLED_IN = re.compile(r"(?:^|/)([^/]+)\.(?:wants|requires)/[^/]+$")
_NOT_AT_START = re.compile(
    r"(?:rescue|emergency|halt|poweroff|reboot|soft-reboot|kexec|shutdown|final|umount|sleep|suspend|hibernate|hybrid-sleep|system-update"
    r"|initrd[^.]*)\.target\Z"
)
_TERMINAL = re.compile(r"getty@([\w-]+)\.service")
_PULLS = frozenset({"Wants", "Requires", "BindsTo", "Upholds"})
_NAMED_UNIT = re.compile(r"[\w@.:-]{1,128}\.(?:service|socket|timer|path)")
_LISTENS = {"ListenStream": "tcp", "ListenDatagram": "udp"}
_INSTALLS = frozenset({"WantedBy", "RequiredBy", "UpheldBy"})
_STARTS = frozenset({"ExecStart", "ExecStartPre", "ExecStartPost"})


class SystemdReader:
    """Emits :class:`StartedProgram` for each start, the way in it opens, the secrets in it, and the :class:`Listener` of a socket unit."""

    info = ReaderInfo(
        "systemd",
        "Programs that systemd starts",
        (StartedProgram, Service, Listener, StoredSecret, UnsettledStart),
        ("*.service", "*.socket", "*.timer", "*.path", "*.service.d/*.conf"),
    )
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, and a section header in the head."""
        return Sureness.YES if _PATH.search(path) and b"[" in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All entries first: the user may stand after the command."""
        entries = list(key_file(_joined(source)))
        if not entries:
            raise NotThisFormat
        names = (source.path, *source.link_names)
        targets = sorted({found.group(1) for name in names for found in _PULLED_IN.finditer(name) if not _NOT_AT_START.match(found.group(1))})
        user = next((entry.value for entry in entries if entry.key == "User"), "")
        terminal = next((found.group(1) for name in names for found in _TERMINAL.finditer(name)), "")
        levels = " ".join(targets or _wanted_by(entries))[:128]
        start = Start("systemd", None if _only_adds(source, entries) else bool(targets), levels, user[:64], terminal)
        for entry in entries:
            _emit_entry(source, entry, start, emit)
        for waiting in _with_environment(source, entries, start):
            emit(waiting)
        if source.path.endswith((".timer", ".path")):
            named = next((entry.value for entry in entries if entry.key == "Unit"), "")
            own = f"{source.path.rsplit('/', 1)[-1].rpartition('.')[0]}.service"
            _emit_pulled_in(source, 1, named or own, start, emit)


def _emit_entry(source: BoundedSource, entry: Entry, start: Start, emit: Emit) -> None:
    """What one line starts, pulls in or listens on; a socket that is off counts only if it may be switched on."""
    port = port_of(entry.value) if entry.key in _LISTENS and start.run_levels else None
    if entry.key in _STARTS and entry.value:
        _emit_start(source, entry, start, emit)
    elif entry.key in _PULLS:
        for unit in entry.value.split():
            _emit_pulled_in(source, entry.line, unit, start, emit)
    elif port:
        name = source.path.rsplit("/", 1)[-1]
        emit(Listener(source.where(line=entry.line), port, _LISTENS[entry.key], address_of(entry.value), name, bool(start.enabled)))


def _wanted_by(entries: list[Entry]) -> list[str]:
    """The targets that would start the unit if it were enabled."""
    named = {name for entry in entries if entry.section == "Install" and entry.key in _INSTALLS for name in entry.value.split()}
    return sorted(name for name in named if not _NOT_AT_START.match(name))


def _only_adds(source: BoundedSource, entries: list[Entry]) -> bool:
    """A drop-in that leaves the unit its command: what it starts is on when the unit is, which is not in this file."""
    unit = unit_of(source.where(line=1))
    return unit is not None and bool(unit.drop_in) and not any(entry.key == "ExecStart" for entry in entries)


def _emit_pulled_in(source: BoundedSource, line: int, unit: str, start: Start, emit: Emit) -> None:
    """A unit that this one starts; targets start nothing by themselves."""
    if _NAMED_UNIT.fullmatch(unit):
        emit(StartedProgram(source.where(line=line), unit, f"systemctl start {unit}", "systemd", start.enabled, start.run_levels))


def _emit_start(source: BoundedSource, entry: Entry, start: Start, emit: Emit) -> None:
    command = entry.value.lstrip("-@:+!|")
    for specifier in ("%I", "%i"):
        command = command.replace(specifier, start.terminal or specifier)
    for secret in secrets_of(source, entry.line, words_of(command)):
        emit(secret)
    for fact in facts(source.where(line=entry.line), words_of(command), start):
        # A getty of a unit that is not pulled in serves nobody; a template's terminal is known only from its link.
        emit(replace(fact, enabled=start.enabled) if isinstance(fact, Service) else fact)


def _with_environment(source: BoundedSource, entries: list[Entry], start: Start) -> Iterator[UnsettledStart]:
    """The starts with variables of ``Environment=`` and ``EnvironmentFile=``, of which the file counts (systemd.exec(5))."""
    own = [word for entry in entries if entry.key == "Environment" for word in words_of(entry.value) if "=" in word]
    lines = [f"{word.partition('=')[0]}={quoted(word.partition('=')[2])}" for word in own]
    lines += [f". {entry.value.lstrip('-')}" for entry in entries if entry.key == "EnvironmentFile" and entry.value.lstrip("-").startswith("/")]
    for entry in entries if lines else ():
        command = entry.value.lstrip("-@:+!|")
        if entry.key in _STARTS and "$" in command and way_in(words_of(command)) and not any(find(words_of(command))):
            yield from unsettled_start(source, entry.line, (*that_matter(lines, command), command), start)


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
