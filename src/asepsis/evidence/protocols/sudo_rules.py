"""Rules of sudo (sudoers(5), sudo 1.9): who may run as root what is as good as every command, by way of aliases. No I/O.

A shell, an interpreter, an editor or a folder of programs is as good as ``ALL``: each gives a shell of root. A command with fixed arguments is that
command only, but for editors, which leave their file at will. Aliases and ``Defaults`` of one file count in all files of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from asepsis.evidence.protocols.command_line import SHELLS, base
from asepsis.evidence.protocols.paths import tree_of
from asepsis.model.facts import Fact, LogInPolicy

ALIAS, NEVER_ASKS, WAITS, ASKS = "alias", "never asks", "waits for an alias", "root with password"
"""What :class:`LogInPolicy` says of a line until all files are known."""
FREE = "root without password"

_NEVER = re.compile(r"Defaults (?:.*, ?)?! ?authenticate\b")
_ALIAS = re.compile(r"(User|Runas|Cmnd|Cmd)_Alias (.*)")
_ONE_ALIAS = re.compile(r"([A-Z][A-Z0-9_]*) ?= ?(.*)")
_NEXT_ALIAS = re.compile(r" ?: ?(?=[A-Z][A-Z0-9_]* ?=)")
_ALIAS_NAME = re.compile(r"(?!ALL\Z)[A-Z][A-Z0-9_]*")
_RULE = re.compile(r"(?!\w+_Alias |Defaults|@|Host_Alias )(?P<who>!?%?[\w.-]+(?: ?, ?!?%?[\w.-]+)*) [^\s=]+(?: ?, ?[^\s=,]+)* ?= ?(?P<commands>.*)$")
_SPEC = re.compile(r" ?(?:\((?P<runas>[^)]*)\) ?)?(?P<tags>(?:[A-Z_]+ ?: ?)*)(?P<command>.*)")
_ACCOUNT = re.compile(r"%?[\w.-]+")
_COMMA = re.compile(r",(?![^()]*\))")
_INTERPRETERS = re.compile(r"(?:python|perl|ruby|lua|tclsh|expect|node|php|awk|gawk|mawk)[\d.]*")
_STARTERS = frozenset({"env", "su", "sudo", "busybox", "toybox", "nohup", "nice", "setsid", "xargs", "script", "chroot"})
_EDITORS = frozenset({"vi", "vim", "view", "vim.basic", "vim.tiny", "nvim", "ed", "emacs", "nano", "less", "more", "man"})
_FOLDERS = re.compile(r"/(?:usr/(?:local/)?)?s?bin/\*?|/?\*")
_TO_ROOT = frozenset({"", "-", "root", "-l", "-s", "-i", "--login"})
MOST_NAMES = 256
"""Names of one alias, those of the aliases in it included."""
MOST_ALIASES = 1024

Aliases = Mapping[tuple[str, str], Sequence[str]]
"""Kind (``User``, ``Runas``, ``Cmnd``) and name → what it stands for, without further aliases."""
Cut = set[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Grant:
    """Who of a rule may run as root what is as good as every command, and whether ``free``: without being asked."""

    who: tuple[str, ...]
    free: bool


def told(lines: Sequence[str], cut: Cut) -> Iterator[tuple[int, str, str]]:
    """What each line of one file means, by its index: words and names of :class:`LogInPolicy`. ``cut`` takes what is left out."""
    known = aliases(lines, cut)
    for number, line in enumerate(lines):
        if _ALIAS.match(line):
            yield number, ALIAS, line
        elif _NEVER.match(line):
            yield number, NEVER_ASKS, ""
        elif _waits(line, known):
            yield number, WAITS, line
        else:
            grant = granted(line, known)
            yield from ((number, FREE if grant.free else ASKS, name) for name in grant.who)


def granted(line: str, known: Aliases) -> Grant:
    """What a rule gives; nobody if it gives less than everything."""
    rule, as_root, free, given, asked = _RULE.match(line), True, False, False, False
    for text in _COMMA.split(rule["commands"]) if rule else ():
        spec = _SPEC.match(" ".join(text.split()))
        if not spec:
            continue
        as_root = _is_root(spec["runas"], known) if spec["runas"] is not None else as_root
        for tag in spec["tags"].replace(" ", "").split(":"):
            free = tag == "NOPASSWD" or (free and tag != "PASSWD")
        if as_root and _is_everything(spec["command"], known):
            given, asked = given or free, asked or not free
    names = [name for item in rule["who"].split(",") for name in known.get(("User", item.strip()), [item.strip()])] if rule else []
    who = tuple(name for name in dict.fromkeys(names) if _ACCOUNT.fullmatch(name)) if given or asked else ()
    return Grant(who, given)


def _is_root(runas: str, known: Aliases) -> bool:
    users = [user.strip() for user in runas.partition(":")[0].split(",")]
    return not {"ALL", "root"}.isdisjoint(name for user in users for name in known.get(("Runas", user), [user]))


def _is_everything(command: str, known: Aliases) -> bool:
    return any(one == "ALL" or _gives_a_shell(one) for one in known.get(("Cmnd", command.strip()), [command.strip()]))


def _gives_a_shell(command: str) -> bool:
    """Whether whoever may run it as root is root."""
    program, _, arguments = command.partition(" ")
    name, given = base(program), arguments.strip().strip('"')
    if not program.startswith("/"):
        return False
    if name in _EDITORS or _FOLDERS.fullmatch(program) or given == "*":
        return name in _EDITORS or bool(_FOLDERS.fullmatch(program)) or _starts_anything(name)
    if name in {"su", "sudo", *SHELLS}:
        return given in _TO_ROOT
    if name in {"busybox", "toybox", "env"} and given:
        return base(given) in SHELLS
    return not given and _starts_anything(name)


def _starts_anything(name: str) -> bool:
    return name in SHELLS or name in _STARTERS or _INTERPRETERS.fullmatch(name) is not None


def _waits(line: str, known: Aliases) -> bool:
    """Whether a rule names an alias that this file does not define."""
    rule = _RULE.match(line)
    if not rule:
        return False
    named = [("User", item.strip()) for item in rule["who"].split(",")]
    for text in _COMMA.split(rule["commands"]):
        spec = _SPEC.match(" ".join(text.split()))
        named += [("Cmnd", spec["command"].strip())] if spec else []
        named += [("Runas", user.strip()) for user in (spec["runas"] or "").partition(":")[0].split(",")] if spec else []
    return any(_ALIAS_NAME.fullmatch(name) and (kind, name) not in known for kind, name in named) or any(
        _ALIAS_NAME.fullmatch(inner) for key in named for inner in known.get(key, ())
    )


def aliases(lines: Iterable[str], cut: Cut) -> Aliases:
    """Every alias, wherever it stands; of two with one name the later. ``cut`` takes what is left out."""
    named: dict[tuple[str, str], Sequence[str]] = {}
    for line in lines:
        found = _ALIAS.match(line)
        for text in _NEXT_ALIAS.split(found[2]) if found else ():
            one = _ONE_ALIAS.match(text)
            if len(named) >= MOST_ALIASES:
                cut.add(("sudoers_aliases", MOST_ALIASES))
            elif found and one:
                named[found[1].replace("Cmd", "Cmnd"), one[1]] = [item.strip() for item in one[2].split(",")]
    return {(kind, name): _behind(named, kind, name, cut) for kind, name in named}


def _behind(named: Aliases, kind: str, name: str, cut: Cut) -> list[str]:
    """What an alias stands for, through further ones."""
    seen: dict[str, bool] = {}
    ahead = [name]
    while ahead and len(seen) < MOST_NAMES:
        item = ahead.pop()
        if item not in seen:
            inner = named.get((kind, item), ())
            seen[item] = not inner
            ahead += reversed(inner)
    cut.update({("sudoers_alias_names", MOST_NAMES)} if ahead else ())
    return [item for item, is_name in seen.items() if is_name]


@dataclass(slots=True)
class _Tree:
    """What all files of one tree say: the lines with aliases, whether nobody is ever asked."""

    lines: list[str] = field(default_factory=list)
    never: bool = False


def with_sudo_rules(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with the rules of sudo settled over all files of their tree, and without what served only for that."""
    trees: dict[str, _Tree] = {}
    for fact in facts:
        if isinstance(fact, LogInPolicy) and fact.program == "sudo" and fact.says in {ALIAS, NEVER_ASKS}:
            one = trees.setdefault(tree_of(fact.where), _Tree())
            one.lines += [fact.names] if fact.says == ALIAS else []
            one.never = one.never or fact.says == NEVER_ASKS
    known = {tree: aliases(one.lines, set()) for tree, one in trees.items()}
    settled: list[Fact] = []
    for fact in facts:
        if not isinstance(fact, LogInPolicy) or fact.program != "sudo":
            settled.append(fact)
            continue
        tree = tree_of(fact.where)
        settled += _settled(fact, known.get(tree, {}), never=tree in trees and trees[tree].never)
    return settled


def _settled(rule: LogInPolicy, known: Aliases, *, never: bool) -> Iterator[LogInPolicy]:
    """The accounts that a rule lets become root without being asked."""
    grant = granted(rule.names, known) if rule.says == WAITS else Grant((rule.names,), rule.says == FREE)
    if rule.says in {WAITS, FREE, ASKS} and (grant.free or never):
        yield from (replace(rule, says=FREE, names=name[:64]) for name in grant.who)
