"""A server's settings that stand in several files, put together: sshd with the files it includes, xinetd with its defaults.

``sshd_config`` of Debian and Fedora begins with ``Include /etc/ssh/sshd_config.d/*.conf``: what these say, in the order of their names, comes
first, and the first value counts; lists of accounts and groups add up (sshd_config(5)). ``disabled = NAME`` in
the ``defaults`` of ``xinetd.conf`` switches off what ``xinetd.d/NAME`` says (xinetd.conf(5)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from asepsis.evidence.protocols.log_in_rules import ASKS_PAM, MOST_NAMES, NOT_GROUPS, ONLY_GROUPS, TOO_LONG
from asepsis.evidence.protocols.sshd_settings import USUAL_PORT
from asepsis.model.facts import Auth, Fact, Service, StartedProgram

SSHD_INCLUDES = "sshd_config.d comes first"
"""How the reader of ``sshd_config`` says in ``detail`` that it begins with the files of the folder beside it."""
XINETD_OFF = "disabled in the defaults of xinetd"
"""How the reader of ``xinetd.conf`` says it of a service by name."""

ACCOUNT_LISTS = {
    "allowusers": "lets in only the accounts ",
    "denyusers": "keeps out the accounts ",
    "allowgroups": ONLY_GROUPS,
    "denygroups": NOT_GROUPS,
}
"""Lists of ``sshd_config``, and how they are said in ``detail``."""
OWN_LISTS = "has lists of its own for: "
PASSWORDS_FOR = "passwords only for: "
ROOT_FOR = "root may log in with a password for: "
ROOT_FOR_KEYS = "root may log in with a key for: "
"""What a ``Match`` block changes, with its condition."""
ROOT_KEPT_OUT = "root may not log in at all"
TAKES_KEYS = "takes keys from some"
TAKES_NO_KEYS = "takes no keys"
NO_QUESTIONS = "PAM asks no questions"
READS_KEYS = "reads keys from "
"""``AuthorizedKeysFile``, as it is written."""
_LISTS = (*ACCOUNT_LISTS.values(), READS_KEYS)
_ABOUT_ROOT = frozenset({ROOT_KEPT_OUT, "root may log in with a password"})
_SSHD = re.compile(r"(?P<folder>.*(?:^|[/!]))sshd_config(?P<added>\.d/[^/!]+\.conf)?\Z")
_XINETD = re.compile(r"(?P<tree>.*(?:^|[/!]))etc/xinetd(?:\.conf|\.d/(?P<name>[^/!]+))\Z")


def with_settings(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with what their neighbours settle."""
    return _xinetd(_sshd(facts))


def _sshd(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with each server of several files as one; files beside a main file that includes none say nothing."""
    servers: dict[str, dict[str, list[int]]] = {}
    for number, fact in enumerate(facts):
        found = _SSHD.match(fact.where.path) if isinstance(fact, Service) and fact.name == "ssh" else None
        if found:
            servers.setdefault(f"{fact.where.evidence}!{found['folder']}", {}).setdefault(found["added"] or "", []).append(number)
    settled: dict[int, Sequence[Fact]] = {}
    for files in servers.values():
        if "" in files and len(files) > 1:
            settled.update(_included(facts, files))
    return [fact for number, before in enumerate(facts) for fact in settled.get(number, (before,))]


def _included(facts: Sequence[Fact], files: dict[str, list[int]]) -> dict[int, Sequence[Fact]]:
    """One server: the first value of each setting, at every file that is read, for each port and address."""
    said = {name: [fact for fact in (facts[number] for number in files[name]) if isinstance(fact, Service)] for name in sorted(files)}
    main, added = said[""], [fact for name, parts in said.items() if name for fact in parts]
    settled: dict[int, Sequence[Fact]] = {number: () for numbers in files.values() for number in numbers}
    if SSHD_INCLUDES not in main[0].detail:
        return settled | {number: (facts[number],) for number in files[""]}
    one = _together([*(parts[0] for name, parts in said.items() if name), main[0]])
    for name, numbers in files.items():
        settled[numbers[0]] = [replace(one, where=said[name][0].where, port=port, address=address) for port, address in _endpoints(main, added)]
    return settled


def _together(parts: Sequence[Service]) -> Service:
    """What the files of one server say; what a ``Match`` block allows holds whatever stands before it."""
    notes = _all_said(parts)
    auth = next((part.auth for part in parts if part.auth is not Auth.UNKNOWN), Auth.UNKNOWN)
    root = next((part.root_log_in for part in parts if part.root_log_in is not None), None)
    asked = ASKS_PAM in notes and NO_QUESTIONS not in notes
    if auth is Auth.KEY and (asked or any(note.startswith(PASSWORDS_FOR) for note in notes)):
        auth = Auth.PASSWORD
        root = next((True for part in parts if "root may log in with a password" in part.detail), root)
    if any(note.startswith(ROOT_FOR) for note in notes):
        root = True
    return replace(parts[-1], auth=auth, root_log_in=root if auth is not Auth.KEY or root is None else False, detail=", ".join(notes))


def _endpoints(main: Sequence[Service], added: Sequence[Service]) -> list[tuple[int | None, str]]:
    """Ports and addresses add up over the files; the main file's usual port is none if another is named."""
    named = [part.port for part in added if part.port]
    ports = dict.fromkeys([*named, *(part.port for part in main if part.port != USUAL_PORT or not named)])
    addresses = list(dict.fromkeys(part.address for part in (*added, *main) if part.address)) or [""]
    both = all(part.port is None and not part.address for part in added)
    return [(part.port, part.address) for part in main] if both else [(port, address) for port in ports for address in addresses]


def _all_said(parts: Sequence[Service]) -> list[str]:
    """What the files say together, each note once; a list that several begin is one list."""
    lists: dict[str, list[str]] = {}
    notes = [note for part, earlier in _in_order(parts) for note in part.detail.split(", ") if note and not (earlier and note in _ABOUT_ROOT)]
    for note in notes:
        begins = next((said for said in _LISTS if note.startswith(said)), "")
        lists.setdefault(begins or note, []).extend(note.removeprefix(begins).split() if begins else ())
    texts = [f"{said}{' '.join(dict.fromkeys(names))}" for said, names in lists.items()]
    return [TOO_LONG if len(text) > MOST_NAMES else text for text in texts if not _is_overruled(text, notes)]


def _in_order(parts: Sequence[Service]) -> Iterator[tuple[Service, bool]]:
    """Each part, and whether one before it says already whether root is let in."""
    for number, part in enumerate(parts):
        yield part, any(before.root_log_in is not None for before in parts[:number])


def _is_overruled(text: str, notes: Sequence[str]) -> bool:
    """A ban that a ``Match`` block of another file lifts for some."""
    if text.startswith(tuple(ACCOUNT_LISTS.values())):
        return any(note.startswith(OWN_LISTS) for note in notes)
    lifts = {ROOT_KEPT_OUT: (ROOT_FOR, ROOT_FOR_KEYS), TAKES_NO_KEYS: (TAKES_KEYS,)}.get(text, ())
    return any(note.startswith(lift) for note in notes for lift in lifts)


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
