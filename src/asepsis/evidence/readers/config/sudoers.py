"""``/etc/sudoers`` and ``sudoers.d``: accounts that become root without being asked.

``user host = (run as) NOPASSWD: command, …`` (sudoers(5), sudo 1.9). What is read are the lines that give every command, as root, without a
password: ``service ALL=(ALL) NOPASSWD: ALL``, ``%wheel ALL=(ALL:ALL) NOPASSWD: ALL``, and ``Defaults !authenticate`` for all other lines. Aliases
(``User_Alias``, ``Runas_Alias``, ``Cmnd_Alias``) stand for lists, which may hold further ones.

Known ways it lies: an alias of another file is taken for an account; the last line that matches an account counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import LogInPolicy

_PATH = re.compile(r"(?:^|/)etc/sudoers(?:\.d/[^/.~]+)?$")
_TAGS = r"(?: ?(?:NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT|MAIL|NOMAIL|FOLLOW|NOFOLLOW|INTERCEPT|NOINTERCEPT) ?:)*"
_RULE = re.compile(
    rf"(?!\w+_Alias |Defaults)(?P<who>%?[\w.-]+(?: ?, ?%?[\w.-]+)*) [^\s=]+ ?= ?(?:\( ?(?:ALL|root) ?(?::[^)]*)?\))?{_TAGS}"
    rf" ?(?P<free>NOPASSWD ?:)?{_TAGS} ?(?:[^\s,]+ ?, ?)*ALL ?(?:,.*)?$"
)
_NEVER_ASKS = re.compile(r"Defaults (?:.*, ?)?! ?authenticate\b")
_ALIAS = re.compile(r"(User|Runas|Cmnd|Cmd)_Alias (.*)")
_ONE_ALIAS = re.compile(r"([A-Z][A-Z0-9_]*) ?= ?(.*)")
_NEXT_ALIAS = re.compile(r" ?: ?(?=[A-Z][A-Z0-9_]* ?=)")
_ALIAS_NAME = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
_ACCOUNT = re.compile(r"%?[\w.-]+")
_LONGEST_LINE = 1024
_MOST_NAMES = 256
"""Names of one alias, those of the aliases in it included."""
_MOST_ALIASES = 1024

Aliases = Mapping[tuple[str, str], Sequence[str]]
"""Kind (``User``, ``Runas``, ``Cmnd``) and name → what it stands for, without further aliases."""


class SudoersReader:
    """Emits a :class:`LogInPolicy` for each account or group that becomes root without a password."""

    info = ReaderInfo("sudoers", "Who becomes root with sudo", (LogInPolicy,), ("etc/sudoers", "etc/sudoers.d/*"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By place only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line. Raises ``LimitReached`` after what was kept, if a line or the aliases are too long to be followed."""
        cut: set[tuple[str, int]] = set()
        lines = list(_lines(source, cut))
        if not lines and not cut:
            raise NotThisFormat
        never = any(_NEVER_ASKS.match(line) for _, line in lines)
        aliases = _aliases((line for _, line in lines), cut)
        for number, line in lines:
            found = _RULE.match(_without_aliases(aliases, line))
            if found and (never or found["free"]):
                for name in (one for named in found["who"].split(",") for one in aliases.get(("User", named.strip()), [named.strip()])):
                    if _ACCOUNT.fullmatch(name):
                        emit(LogInPolicy(source.where(line=number), "sudo", "root without password", name[:64]))
        for limit, most in sorted(cut):
            raise LimitReached(limit, most, most + 1)


def _lines(source: BoundedSource, cut: set[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    """Lines without comments and doubled blanks; a line that ends in a backslash goes on in the next, and over-long ones are ``cut``."""
    first, text = 0, ""
    for number, raw in source.lines():
        line = raw.partition("#")[0].rstrip()
        first = first or number
        text = f"{text} {line.removesuffix(chr(92))}"[: _LONGEST_LINE + 2]
        if line.endswith("\\"):
            continue
        whole = " ".join(text.split())
        if len(text) > _LONGEST_LINE + 1:
            cut.add(("sudoers_line", _LONGEST_LINE))
        elif whole:
            yield first, whole
        first, text = 0, ""


def _aliases(lines: Iterator[str], cut: set[tuple[str, int]]) -> Aliases:
    """Every alias of the file, wherever it stands; of two with one name the later. ``cut`` takes what is left out."""
    aliases: dict[tuple[str, str], Sequence[str]] = {}
    for line in lines:
        found = _ALIAS.match(line)
        for text in _NEXT_ALIAS.split(found[2]) if found else ():
            one = _ONE_ALIAS.match(text)
            if len(aliases) >= _MOST_ALIASES:
                cut.add(("sudoers_aliases", _MOST_ALIASES))
            elif found and one:
                aliases[found[1].replace("Cmd", "Cmnd"), one[1]] = [item.strip() for item in one[2].split(",")]
    return {(kind, name): _behind(aliases, kind, name, cut) for kind, name in aliases}


def _behind(aliases: Aliases, kind: str, name: str, cut: set[tuple[str, int]]) -> list[str]:
    """What an alias stands for, through further ones."""
    seen: dict[str, bool] = {}
    ahead = [name]
    while ahead and len(seen) < _MOST_NAMES:
        item = ahead.pop()
        if item not in seen:
            inner = aliases.get((kind, item), ())
            seen[item] = not inner
            ahead += reversed(inner)
    cut.update({("sudoers_alias_names", _MOST_NAMES)} if ahead else ())
    return [item for item, is_name in seen.items() if is_name]


def _without_aliases(aliases: Aliases, line: str) -> str:
    """A rule with the aliases replaced that stand for root or for every command."""
    who, equals, rest = line.partition("=")
    if not equals or _ALIAS.match(line):
        return line

    def meant(found: re.Match[str]) -> str:
        """``Runas`` names stand in brackets only."""
        if found[0] != "ALL" and {"root", "ALL"} & {*aliases.get(("Runas", found[0]), ())} and re.match(r"[^()]*\)", rest[found.end() :]):
            return "root"
        return "ALL" if "ALL" in aliases.get(("Cmnd", found[0]), ()) else found[0]

    return who + equals + _ALIAS_NAME.sub(meant, rest)
