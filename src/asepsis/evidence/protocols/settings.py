"""A server's settings that stand in several files, put together: sshd with the files it includes, xinetd with its defaults.

``sshd_config`` of Debian and Fedora begins with ``Include /etc/ssh/sshd_config.d/*.conf``: what these say, in the order of their names, comes
first, and the first value counts; lists of accounts and groups add up (sshd_config(5)). ``disabled = NAME`` in
the ``defaults`` of ``xinetd.conf`` switches off what ``xinetd.d/NAME`` says (xinetd.conf(5)).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from asepsis.evidence.protocols.log_in_rules import NOT_GROUPS, ONLY_GROUPS
from asepsis.model.facts import Auth, Fact, Service, StartedProgram

SSHD_INCLUDES = "sshd_config.d comes first"
"""How the reader of ``sshd_config`` says in ``detail`` that it begins with the files of the folder beside it."""
XINETD_OFF = "disabled in the defaults of xinetd"
"""How the reader of ``xinetd.conf`` says it of a service by name."""

_LISTS = ("lets in only the accounts ", "keeps out the accounts ", ONLY_GROUPS, NOT_GROUPS)
_MOST_NAMES = 400
"""Characters: a list of accounts that is cut short would keep out the wrong ones."""
_SSHD = re.compile(r"(?P<folder>.*(?:^|[/!]))sshd_config(?P<added>\.d/[^/!]+\.conf)?\Z")
_XINETD = re.compile(r"(?P<tree>.*(?:^|[/!]))etc/xinetd(?:\.conf|\.d/(?P<name>[^/!]+))\Z")


def with_settings(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with what their neighbours settle."""
    return _xinetd(_sshd(facts))


def _sshd(facts: Sequence[Fact]) -> list[Fact]:
    groups: dict[str, dict[str, int]] = {}
    for number, fact in enumerate(facts):
        found = _SSHD.match(fact.where.path) if isinstance(fact, Service) and fact.name == "ssh" else None
        if found:
            groups.setdefault(f"{fact.where.evidence}!{found['folder']}", {})[found["added"] or ""] = number
    settled: dict[int, Fact | None] = {}
    for members in groups.values():
        if "" in members and len(members) > 1:
            settled.update(_included(facts, members))
    return [fact for number, before in enumerate(facts) for fact in [settled.get(number, before)] if fact is not None]


def _included(facts: Sequence[Fact], members: dict[str, int]) -> dict[int, Fact | None]:
    """One server: the first value of each setting, at every file that is read; files beside a main file that includes none say nothing."""
    main = facts[members[""]]
    added = [facts[members[name]] for name in sorted(members) if name]
    if not isinstance(main, Service) or SSHD_INCLUDES not in main.detail:
        return {number: None for name, number in members.items() if name}
    parts = [fact for fact in (*added, main) if isinstance(fact, Service)]
    auth = next((part.auth for part in parts if part.auth is not Auth.UNKNOWN), Auth.UNKNOWN)
    root = next((part.root_log_in for part in parts if part.root_log_in is not None), None)
    together = replace(
        main,
        auth=auth,
        port=next((part.port for part in added if isinstance(part, Service) and part.port), main.port),
        address=next((part.address for part in parts if part.address), ""),
        root_log_in=root if auth is not Auth.KEY or root is None else False,
        detail=_all_said(parts),
    )
    return {number: replace(together, where=facts[number].where) for number in members.values()}


def _all_said(parts: Sequence[Service]) -> str:
    """What the files say together, each note once; a list that several begin is one list."""
    lists: dict[str, list[str]] = {}
    for note in (note for part in parts for note in part.detail.split(", ") if note):
        begins = next((said for said in _LISTS if note.startswith(said)), "")
        lists.setdefault(begins or note, []).extend(note.removeprefix(begins).split() if begins else ())
    notes = {said: " ".join(dict.fromkeys(names)) for said, names in lists.items()}
    return ", ".join(f"{said}{names}" for said, names in notes.items() if len(names) <= _MOST_NAMES)


def _xinetd(facts: Sequence[Fact]) -> list[Fact]:
    off = {
        f"{fact.where.evidence}!{found['tree']}{fact.name}"
        for fact in facts
        if isinstance(fact, Service) and fact.detail == XINETD_OFF
        for found in [_XINETD.match(fact.where.path)]
        if found
    }
    return [_switched_off(fact, off) for fact in facts] if off else list(facts)


def _switched_off(fact: Fact, off: set[str]) -> Fact:
    found = _XINETD.match(fact.where.path) if isinstance(fact, (Service, StartedProgram)) else None
    if not found or not found["name"] or f"{fact.where.evidence}!{found['tree']}{found['name']}" not in off:
        return fact
    return replace(fact, enabled=False) if isinstance(fact, (Service, StartedProgram)) else fact
