"""Facts of one file that another file completes.

A start script without a link in ``rc?.d`` may still be called by a script that runs: from rcS, rc.local, inittab or a unit. Then what it
starts is switched on. A systemd socket that is switched on starts its service whenever somebody connects (systemd.socket(5)): the service
has no link of its own, and listens where the socket does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from asepsis.model.facts import Fact, Listener, Service, StartedProgram

_SCRIPT = re.compile(r"(?:^|[/!])etc(?:_ro)?/(?:init\.d|rc\.d/init\.d)/[^/]+$")
_UNIT = re.compile(r"(?:^|[/!])(?:etc|run|lib|usr/lib|usr/local/lib)/systemd/(?:.*/)?(?P<stem>[^/@]+)@?\.(?P<kind>socket|service)$")
_BY_SCRIPT = frozenset({"init.d", "procd"})


def join(facts: Iterable[Fact]) -> list[Fact]:
    """The facts with every start script that an enabled one calls, and every service of an enabled socket, switched on; the rest as it is."""
    known = _with_sockets(list(facts))
    called: set[tuple[str, str]] = set()
    while True:
        more = {call for fact in known if isinstance(fact, StartedProgram) and _runs(fact, called) for call in _calls(fact)} - called
        if not more:
            break
        called |= more
    return [_switched_on(fact) if _key(fact) in called else fact for fact in known]


def _with_sockets(facts: list[Fact]) -> list[Fact]:
    """The facts with the services that an enabled socket starts switched on, at the socket's port."""
    sockets = {unit: fact for fact in reversed(facts) if isinstance(fact, Listener) for unit in _units(fact, "socket")}
    return [_by_socket(fact, next((sockets[unit] for unit in _units(fact, "service") if unit in sockets), None)) for fact in facts]


def _units(fact: Fact, kind: str) -> list[tuple[str, str]]:
    """The tree that a unit of a kind lies in, and its name; nothing for any other file."""
    found = _UNIT.search(fact.where.path)
    return [(f"{fact.where.evidence}!{fact.where.path[: found.start()]}", found["stem"])] if found and found["kind"] == kind else []


def _by_socket(fact: Fact, socket: Listener | None) -> Fact:
    if isinstance(fact, StartedProgram) and socket:
        return replace(fact, enabled=True)
    return replace(fact, enabled=True, port=socket.port, address=socket.address) if isinstance(fact, Service) and socket else fact


def _key(fact: Fact) -> tuple[str, str]:
    """The tree and the script's path in it; scripts of two evidences, or of two images in one, are different scripts."""
    found = _SCRIPT.search(fact.where.path)
    start = found.start() if found else len(fact.where.path)
    return fact.where.evidence + "!" + fact.where.path[:start], fact.where.path[start:].strip("/!")


def _runs(fact: StartedProgram, called: set[tuple[str, str]]) -> bool:
    return fact.enabled or _key(fact) in called


def _calls(fact: StartedProgram) -> Iterable[tuple[str, str]]:
    """The start scripts that a command line calls, in the same tree as the caller."""
    for word in fact.command.split():
        found = _SCRIPT.match(word.removeprefix("/")) if word.startswith("/etc") else None
        if found and " stop" not in fact.command:
            yield _tree_of(fact), word.strip("/")


def _tree_of(fact: Fact) -> str:
    """The root of the tree that a file lies in: what stands before ``etc/``."""
    path = fact.where.path
    start = re.search(r"(?:^|[/!])etc(?:_ro)?/", path)
    return fact.where.evidence + "!" + (path[: start.start()] if start else path.rpartition("!")[0])


def _switched_on(fact: Fact) -> Fact:
    if isinstance(fact, StartedProgram) and fact.by in _BY_SCRIPT:
        return replace(fact, enabled=True)
    return replace(fact, enabled=True) if isinstance(fact, Service) and fact.enabled is None else fact
