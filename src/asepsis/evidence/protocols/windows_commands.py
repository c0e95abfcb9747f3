r"""Credentials in commands of Windows: ``net use … /user:``, ``psexec -p``, ``cmdkey /pass:``, ``sqlcmd -P`` and their like. No I/O.

Options begin with ``/`` or ``-``, in any case, and take their value after a colon or a blank; a backslash is no escape. Options as Microsoft
documents them; ``*`` asks for the password and keeps none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from asepsis.evidence.protocols.credentials import Credential, find
from asepsis.evidence.protocols.windows_programs import MOST_WORDS, file_name
from asepsis.model.secret import SecretKind

_WORD = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_SEPARATOR = re.compile(r'"[^"]*"?|\^.|([&|]+)')
_DEVICE = re.compile(r"(?:[A-Za-z]:|\*|lpt\d)\Z", re.IGNORECASE)
_ASKS = frozenset({"", "*"})
MAX_LINE = 8192
MOST_COMMANDS = 64
"""Of one line."""

_ONLY_SAYS = frozenset({"echo", "echo.", "title", "msg", "write-host", "write-output", "wscript.echo"})
"""Commands that only print what stands behind them: how to use a tool, say."""

_APP, _LOGIN = SecretKind.APPLICATION, SecretKind.LOGIN


def command_lines(line: str) -> Iterator[tuple[str, ...]]:
    """The words of each command of a line of a batch file, quotes taken off; remarks are none."""
    text = line[:MAX_LINE].strip().lstrip("@").strip()
    if text.startswith("::") or re.match(r"rem(?:\s|\Z)", text, re.IGNORECASE):
        return
    ends = list(islice((found for found in _SEPARATOR.finditer(text) if found.group(1)), MOST_COMMANDS))
    begins = [0, *(found.end() for found in ends)]
    for begin, end in zip(begins, [*(found.start() for found in ends), len(text)], strict=True):
        words = _words(text[begin:end])
        if words:
            yield words


def _words(text: str) -> tuple[str, ...]:
    return tuple(found.group().replace('"', "") for found in islice(_WORD.finditer(text), MOST_WORDS))


def in_command(words: Sequence[str]) -> Iterator[Credential]:
    """The credentials of one command, whatever stands before its program (``if exist x``, ``call``, ``start``, ``cmd /c``)."""
    if not words or words[0].lower() in _ONLY_SAYS:
        return
    for i, word in enumerate(words):
        finder = _BY_PROGRAM.get(file_name(word))
        if finder:
            yield from (found for found in finder(words[i:]) if found.secret not in _ASKS)
            return
    yield from find((file_name(words[0]), *words[1:]))


def option(words: Sequence[str], *names: str) -> str:
    """The value of ``/name:value``, ``-name value`` or ``name= value``, in any case; empty if none is given."""
    for i, word in enumerate(words[1:], 1):
        lowered = word.lower()
        for name in names:
            for sign in ("/", "-"):
                if lowered == sign + name and i + 1 < len(words):
                    return words[i + 1]
                if lowered.startswith((f"{sign}{name}:", f"{sign}{name}=")):
                    return word[len(name) + 2 :]
            if lowered == f"{name}=" and i + 1 < len(words):
                return words[i + 1]
            if lowered.startswith(f"{name}="):
                return word[len(name) + 1 :]
    return ""


def exact(words: Sequence[str], name: str) -> str:
    """The value of an option in which the case counts: ``-P secret``, ``-Psecret``, ``/P secret``."""
    for i, word in enumerate(words[1:], 1):
        if word in {f"-{name}", f"/{name}"}:
            return words[i + 1] if i + 1 < len(words) else ""
        if word.startswith((f"-{name}", f"/{name}")):
            return word[1 + len(name) :]
    return ""


def _net(words: Sequence[str]) -> Iterator[Credential]:
    r"""``net use [X:] \\HOST\SHARE [SECRET] /user:NAME`` and ``net user NAME SECRET``."""
    verb = words[1].lower() if len(words) > 1 else ""
    plain = [word for word in words[2:] if not word.startswith(("/", "-"))]
    if verb == "use":
        secrets = [word for word in plain if not word.startswith("\\\\") and not _DEVICE.match(word)]
        user = option(words, "user", "u")
        if secrets and any(word.startswith("\\\\") for word in plain):
            yield Credential(secrets[-1], SecretKind.APPLICATION, "net use", user, "smb")
    elif verb == "user" and len(plain) > 1:
        yield Credential(plain[1], _LOGIN, "net user", plain[0])


def _options(kind: SecretKind, opens: str, *names: str, user: tuple[str, ...]) -> Callable[[Sequence[str]], Iterator[Credential]]:
    def read(words: Sequence[str]) -> Iterator[Credential]:
        secret = option(words, *names)
        if secret and not secret.startswith("/"):
            yield Credential(secret, kind, f"{file_name(words[0])} /{names[0]}", option(words, *user), opens)

    return read


def _sql(words: Sequence[str]) -> Iterator[Credential]:
    yield Credential(exact(words, "P"), _APP, f"{file_name(words[0])} -P", exact(words, "U"), "database")


def _autologon(words: Sequence[str]) -> Iterator[Credential]:
    """``autologon USER DOMAIN SECRET``."""
    plain = [word for word in words[1:] if not word.startswith(("/", "-"))]
    if len(plain) > 2:  # noqa: PLR2004
        yield Credential(plain[2], _LOGIN, "autologon", plain[0], "rdp")


def _netsh(words: Sequence[str]) -> Iterator[Credential]:
    """``netsh wlan set hostednetwork ssid=NAME key=SECRET``."""
    if len(words) > 1 and words[1].lower() == "wlan":
        yield Credential(option(words, "key"), SecretKind.WIFI, "netsh wlan key", option(words, "ssid"))


_BY_PROGRAM: dict[str, Callable[[Sequence[str]], Iterator[Credential]]] = {
    "net": _net,
    "net1": _net,
    **dict.fromkeys(("psexec", "psexec64", "paexec", "pskill", "pslist"), _options(_APP, "smb", "p", user=("u",))),
    "cmdkey": _options(_APP, "smb", "pass", "p", user=("user", "u")),
    "schtasks": _options(_LOGIN, "", "rp", "p", user=("ru", "u")),
    "wmic": _options(_APP, "smb", "password", user=("user",)),
    "winrs": _options(_APP, "smb", "p", "password", user=("u", "username")),
    "sc": _options(_LOGIN, "", "password", user=("obj",)),
    **dict.fromkeys(("sqlcmd", "osql", "isql", "bcp"), _sql),
    **dict.fromkeys(("autologon", "autologon64"), _autologon),
    "netsh": _netsh,
}
"""File name of a program → what it takes."""
