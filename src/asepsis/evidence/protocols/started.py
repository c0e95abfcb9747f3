"""Turn a started command line into facts: the program, the way in it opens, the port it is bound to. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asepsis.evidence.protocols import commands
from asepsis.evidence.protocols.command_line import base, program
from asepsis.evidence.protocols.credentials import without_secrets
from asepsis.model.facts import Fact, Listener, Service, StartedProgram
from asepsis.model.where import Where

NOT_PROGRAMS = frozenset(
    [
        "[",
        "[[",
        "test",
        "echo",
        "printf",
        "cd",
        "exit",
        "return",
        "true",
        "false",
        ":",
        ".",
        "source",
        "set",
        "unset",
        "shift",
        "trap",
        "wait",
        "break",
        "continue",
        "local",
        "let",
        "read",
        "umask",
        "ulimit",
        "alias",
        "shopt",
        "export",
        "killall",
        "kill",
        "pkill",
        "sleep",
        "cat",
        "cp",
        "mv",
        "rm",
        "ln",
        "mkdir",
        "rmdir",
        "touch",
        "chmod",
        "chown",
        "mount",
        "umount",
        "grep",
        "sed",
        "awk",
        "cut",
        "head",
        "tail",
        "tr",
        "sort",
        "uniq",
        "wc",
        "find",
        "xargs",
        "expr",
        "basename",
        "dirname",
        "date",
        "ps",
        "pidof",
        "pgrep",
        "logger",
        "hostname",
        "ifconfig",
        "ip",
        "route",
        "iptables",
        "sysctl",
        "modprobe",
        "insmod",
        "rmmod",
        "mknod",
        "sync",
        "dmesg",
        "uname",
        "id",
        "log_daemon_msg",
        "log_end_msg",
        "log_success_msg",
        "log_failure_msg",
        "status_of_proc",
        "config_load",
        "config_get",
        "config_foreach",
        "procd_open_instance",
        "procd_close_instance",
        "procd_set_param",
        "procd_append_param",
        "procd_add_reload_trigger",
        "start-stop-daemon",
        "service_stop",
        "lock",
        "which",
        "type",
    ]
)
"""Commands of start scripts that do their work and end: nothing keeps running."""


CALLED = frozenset({"init.d", "procd", "openrc", "script"})
"""Scripts that run only if something calls them, or a link of a run level does."""
CALLERS = frozenset({"systemctl", "service", "rc-service", "invoke-rc.d", "initctl"})
"""Programs that start something else: they end at once, but what they start is switched on."""
LOADERS = frozenset({"fw3", "fw4", "nft", "iptables-restore", "ip6tables-restore", "netfilter-persistent", "ufw"})
"""Programs that load a firewall: they end at once, but what they load stays."""

_PROGRAM = re.compile(r"[A-Za-z0-9_./@+-]*[A-Za-z0-9_]")
"""A program's name or path: no variable that stayed open, no redirection, no pattern."""


@dataclass(frozen=True, slots=True)
class Start:
    """How something is started. ``enabled`` None: the script may or may not be called (then a way in is not known to be open)."""

    by: str
    enabled: bool | None = True
    run_levels: str = ""
    user: str = ""
    terminal: str = ""
    script: bool = False
    """The line is one of a shell script: most of its commands are no daemons, and many are functions."""


def facts(where: Where, words: Sequence[str], start: Start) -> Iterator[Fact]:
    """The facts of one started command line; nothing if it is no program that keeps running."""
    rest = program(words)
    if not rest or not _PROGRAM.fullmatch(rest[0]) or base(rest[0]) in NOT_PROGRAMS:
        return
    console = commands.console(words, start.terminal)
    ways = (console,) if console else commands.ways_in(words)
    if start.script and not ways and "/" not in rest[0] and rest == tuple(words) and base(rest[0]) not in CALLERS | LOADERS:
        return
    command = without_secrets(words)
    yield StartedProgram(where, rest[0][:256], command, start.by, _is_started(start), start.run_levels, start.user)
    for way in ways:
        yield service(where, way, base(rest[0]), start.enabled)
        if way.stated and way.port and start.enabled:
            yield Listener(where, way.port, "udp" if way.name in {"tftp", "snmp"} else "tcp", way.address, base(rest[0]))


_RUNS = re.compile(
    r"(?:^|/)etc(?:_ro)?/rc[0-6S]?\.d/S\d\d[^/]*$|^S\d\d|(?:^|/)etc(?:_ro)?/init\.d/S\d\d[^/]*$|(?:^|/)(?:rcS|rc\.sysinit|rc\.boot|rc\.local)$"
    r"|(?:^|/)etc/runlevels/(?!shutdown/|off/)[\w.-]+/[^/]+$|(?:^|/)etc/network/if-(?:pre-)?up\.d/[^/.]+$|(?:^|/)etc/(?:service|services\.d)/[^/]+/run$"
)


def runs_by_its_place(names: Iterable[str]) -> bool | None:
    """Whether the place of a script, or of a link to it, starts it; None if something else may."""
    return True if any(_RUNS.search(name) for name in names) else None


def _is_started(start: Start) -> bool | None:
    """A script that nothing calls does not run; of everything else what is not known stays so."""
    return start.enabled is True if start.by in CALLED else start.enabled


def service(where: Where, way: commands.Way, program: str, enabled: bool | None) -> Service:
    """The way in as a fact."""
    return Service(
        where,
        way.name,
        program=program,
        auth=way.auth,
        encrypted=way.encrypted,
        enabled=enabled,
        port=way.port,
        address=way.address,
        zone=way.zone,
        gives=way.gives,
        root_log_in=way.root_log_in,
        detail=way.detail,
        confidence=way.confidence,
    )
