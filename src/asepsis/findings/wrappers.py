"""TCP wrappers before a service (hosts_access(5)): told beside a finding, as a firewall is, and dismissing nothing (decision 0013).

Only what asks them is told of: what ``tcpd`` starts, what is linked with libwrap, xinetd, vsftpd that is told to, and OpenSSH before 6.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from asepsis.findings.firewall import tree
from asepsis.findings.rule import Facts
from asepsis.findings.words import place, short
from asepsis.model.facts import Component, Linkage, LogInPolicy, Service, StartedProgram

ASKS_WRAPPERS = "asks TCP wrappers"
"""How readers say in ``detail`` that a service asks them."""
_FILES = ("hosts.allow", "hosts.deny")
_EVERYBODY = "ALL"
_LAST_WITH_LIBWRAP = (6, 6)
"""OpenSSH 6.7 took it out (release notes of 2014-10-06)."""
_MOST_LINES = 8


def wrappers(facts: Facts, parts: Sequence[Service], starts: Sequence[StartedProgram]) -> tuple[str, ...]:
    """What to tell of them before a service; nothing if nothing shows that it asks them."""
    trees = {tree(thing.where) for thing in (*parts, *starts)}
    rules = [rule for file in _FILES for rule in facts.of(LogInPolicy) if rule.program == file and tree(rule.where) in trees]
    if not rules:
        return ()
    names = {_base(part.program) for part in parts} | {name for start in starts for name in _names(start)}
    if not _asks(facts, names, parts, starts):
        return ()
    return tuple(_lines([rule for rule in rules if _is_about(rule, names)]))[:_MOST_LINES]


def _names(start: StartedProgram) -> Iterator[str]:
    """What a daemon is called: by its program, and by the first words of its command, where another one may start it."""
    yield from map(_base, (start.program, *start.command.split()[:2]))


def _asks(facts: Facts, names: Iterable[str], parts: Iterable[Service], starts: Iterable[StartedProgram]) -> bool:
    names = set(names)
    if "tcpd" in names or any(start.by == "xinetd" for start in starts) or any(ASKS_WRAPPERS in part.detail for part in parts):
        return True
    if any(_base(link.where.member) in names and any(need.startswith("libwrap.so") for need in link.needs) for link in facts.of(Linkage)):
        return True
    return "sshd" in names and any(map(_is_old_openssh, facts.of(Component)))


def _is_old_openssh(part: Component) -> bool:
    version = re.match(r"(\d{1,3})\.(\d{1,3})", part.version)
    return part.name.lower() == "openssh" and version is not None and (int(version[1]), int(version[2])) <= _LAST_WITH_LIBWRAP


def _is_about(rule: LogInPolicy, names: Iterable[str]) -> bool:
    """Whether a rule names the daemon. One whose list has exceptions may."""
    daemons = [word.partition("@")[0] for word in rule.names.partition(" : ")[0].split()]
    return "EXCEPT" in daemons or any(daemon == _EVERYBODY or fnmatchcase(name, daemon) for daemon in daemons for name in names if name)


def _lines(rules: Iterable[LogInPolicy]) -> Iterator[str]:
    """What to tell, up to the rule that decides for everybody."""
    for number, rule in enumerate(rules):
        clients = rule.names.partition(" : ")[2]
        if rule.says == "not followed":
            yield f"TCP wrappers have a rule that was not followed: {place(rule.where)}"
        elif clients.split() == [_EVERYBODY]:
            kept_out = f"everybody {'else ' * bool(number)}is kept out"
            yield f"{'let in' if rule.says == 'lets in' else kept_out} by TCP wrappers: {place(rule.where)}"
            return
        else:
            yield f"{'let in' if rule.says == 'lets in' else 'kept out'} from {short(clients)} by TCP wrappers: {place(rule.where)}"


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]
