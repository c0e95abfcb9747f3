"""Credentials in command lines: ``sshpass -p``, ``curl -u``, ``echo … | chpasswd`` and their like. No I/O.

The same knowledge finds them for the reader of scripts and takes them out of the command lines that other facts show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from asepsis.evidence.protocols.command_line import base, flag, option, options, program
from asepsis.evidence.protocols.secret_options import BY_PROGRAM, SecretOptions
from asepsis.evidence.protocols.secrets import NO_VALUE
from asepsis.evidence.protocols.shown import MAX_COMMAND, shown
from asepsis.model.secret import SecretKind


@dataclass(frozen=True, slots=True)
class Credential:
    """A ``secret`` in a command: whose it is (``subject``), how it was given (``key_name``), what it ``opens``."""

    secret: str
    kind: SecretKind
    key_name: str
    subject: str = ""
    opens: str = ""


Finder = Callable[[Sequence[str]], Iterator[Credential]]

_URL = re.compile(r"\b([a-z][a-z0-9+.-]{1,15})://([^\s/:@'\"<>]{0,64}):([^\s/@'\"<>]{1,128})@([\w.\-\[\]:${}]{1,128})", re.IGNORECASE)
_WORDS_FOR_SECRETS = r"(?:pass(?:w(?:or)?d|phrase)?|pwd|secret|token|psk|api-?key)"
_SECRET_OPTION = re.compile(rf"(?:--(?!no-|ask|use)[\w-]*{_WORDS_FOR_SECRETS}|-{_WORDS_FOR_SECRETS})(?:=(.*))?\Z", re.IGNORECASE | re.DOTALL)
"""With one dash only the bare word: ``-pTheSecret`` is a short option and its value, and a name is shown."""
_SECRET_NAME = re.compile(
    r"(?:^|[_.-])(?:pass(?:w(?:or)?d|phrase|wrd)?|pwd|psk|secret(?:_?key)?|auth_?token|api_?key)(?:_?\d)?$|password$|passwd$", re.IGNORECASE
)
_ASSIGNED = re.compile(r"(?:(?P<name>[A-Za-z_]\w*)=(?P<value>.*)|(?:\S*/)?env)\Z", re.DOTALL)
_NOT_A_VALUE = re.compile(r"(?:file|env|fd|stdin|prompt|tty)(?::|\Z)|/[\w./-]+\Z|-", re.IGNORECASE)


def names_a_secret(name: str) -> bool:
    """Whether a variable or option called ``name`` holds a secret: ``DB_PASSWORD`` does, ``PASSWORD_FILE`` does not."""
    return _SECRET_NAME.search(name) is not None


def in_url(text: str) -> Iterator[Credential]:
    """``scheme://user:secret@host``."""
    for scheme, user, secret, _host in _URL.findall(text[: MAX_COMMAND * 8]):
        yield Credential(secret, SecretKind.APPLICATION, "url", user, scheme.lower())


def find(words: Sequence[str]) -> Iterator[Credential]:
    """The credentials of one command line, each secret once."""
    rest = program(words)
    if not rest:
        return
    seen: set[str] = set()
    own = _BY_PROGRAM.get(base(rest[0]).lower().removesuffix(".exe"), _generic)
    for found in (*in_url(" ".join(rest)), *own(rest), *_environment(words)):
        if found.secret not in seen:
            seen.add(found.secret)
            yield found


def _environment(words: Sequence[str]) -> Iterator[Credential]:
    """``PGPASSWORD=… psql``, ``env DB_PASSWORD=… PROGRAM``: the name says so."""
    for word in words:
        found = _ASSIGNED.match(word)
        if not found:
            return
        if found["name"] and names_a_secret(found["name"]) and found["value"].lower() not in NO_VALUE and not _NOT_A_VALUE.match(found["value"]):
            yield Credential(found["value"], SecretKind.APPLICATION, found["name"])


def _generic(words: Sequence[str], *, joined: bool = False) -> Iterator[Credential]:
    """Options whose name says that a secret follows; ``joined``: only in the same word."""
    for i, word in enumerate(words[1:], 1):
        found = _SECRET_OPTION.match(word)
        if not found or (joined and found.group(1) is None):
            continue
        value = found.group(1) if found.group(1) is not None else "".join(words[i + 1 : i + 2])
        if value and not _NOT_A_VALUE.match(value):
            yield Credential(value, SecretKind.APPLICATION, word.split("=")[0].lstrip("-"), "", base(words[0]))


def _by_table(row: SecretOptions) -> Finder:
    """What the table says of a program, then what the names of its options say."""

    def read(words: Sequence[str]) -> Iterator[Credential]:
        own = _own(words, row)
        for name, subject, secret in (*_secrets(own, row), *_log_ins(own, row), *_operand(own, row)):
            if secret and not _NOT_A_VALUE.match(secret):
                yield Credential(secret, row.kind, f"{base(words[0])} {name}".strip(), subject, row.opens)
        yield from _generic(words, joined=row.joined)

    return read


def _own(words: Sequence[str], row: SecretOptions) -> Sequence[str]:
    """The words up to another program's; none without the sub-command."""
    if row.only_in and row.only_in not in words:
        return words[:1]
    return words[: next((i for i, word in enumerate(words) if base(word) in row.ends), len(words))]


def _secrets(words: Sequence[str], row: SecretOptions) -> Iterator[tuple[str, str, str]]:
    """Option, whose it is, and secret."""
    user = next(filter(None, (_user(words, name) for name in row.user)), "")
    for name in row.secret:
        if name.endswith(":"):
            given = [word[len(name) :] for word in words[1:] if word.startswith(name)]
        elif row.joined:
            start = name if len(name) == 2 else f"{name}="  # noqa: PLR2004
            given = [word[len(start) :] for word in words[1:] if word.startswith(start)]
        else:
            given = list(options(words, name))
        yield from ((name, user, secret) for secret in given)


def _user(words: Sequence[str], name: str) -> str:
    if name.isdigit():
        return "".join(_operands(words)[int(name) - 1 : int(name)])
    return next((word[len(name) :] for word in words if word.startswith(name)), "") if name.endswith(":") else option(words, name)


def _log_ins(words: Sequence[str], row: SecretOptions) -> Iterator[tuple[str, str, str]]:
    """``USER:SECRET`` as the value of an option, or of the last of a cluster (``-sSu``)."""
    for name in row.log_in:
        cluster = re.compile(rf"-[A-Za-z]+{name[1]}") if len(name) == 2 else None  # noqa: PLR2004
        clustered = [words[i + 1] for i, word in enumerate(words[1:-1], 1) if cluster and cluster.fullmatch(word)]
        for value in (*options(words, name), *clustered):
            user, found, secret = value.partition(row.between)
            if found:
                yield name, user, secret


def _operand(words: Sequence[str], row: SecretOptions) -> Iterator[tuple[str, str, str]]:
    fewer = 1 if row.fewer and flag(words, row.fewer) else 0
    secret = "".join(_operands(words)[row.operand - 1 - fewer : row.operand - fewer]) if row.operand else ""
    for name in row.user if secret else ():
        yield "", _user(words, str(int(name) - fewer)), secret


def _operands(words: Sequence[str]) -> list[str]:
    return [word for word in words[1:] if not word.startswith("-")]


def _openssl(words: Sequence[str]) -> Iterator[Credential]:
    for i, word in enumerate(words[:-1]):
        if word in {"-pass", "-passin", "-passout"} and words[i + 1].startswith("pass:"):
            yield Credential(words[i + 1][5:], SecretKind.KEY, f"openssl {word}")
        elif word in {"-k", "-K"}:
            yield Credential(words[i + 1], SecretKind.KEY, f"openssl {word}")


_MOUNT = re.compile(r"(?:^|,)(user(?:name)?|pass(?:word)?)=([^,]{1,256})")
_SHARE = re.compile(r"//([^\s/:@]{1,64}):([^\s@]{1,128})@[^\s/]+/")


def _mount(words: Sequence[str]) -> Iterator[Credential]:
    """``mount -t cifs -o username=…,password=…``, ``user=NAME%SECRET``, ``//NAME:SECRET@HOST/SHARE`` (mount.cifs(8))."""
    given = dict(_MOUNT.findall(",".join(options(words, "-o", "--options"))))
    user, _, behind = (given.get("username") or given.get("user", "")).partition("%")
    for secret in filter(None, (given.get("password"), given.get("pass"), behind)):
        yield Credential(secret, SecretKind.NETWORK_LOGIN, "mount -o", user, "cifs")
    for name, secret in _SHARE.findall(" ".join(word for word in words[1:] if word.startswith("//"))):
        yield Credential(secret, SecretKind.NETWORK_LOGIN, "mount", name, "cifs")


_BY_PROGRAM: dict[str, Finder] = {
    **{program: _by_table(row) for program, row in BY_PROGRAM.items()},
    "openssl": _openssl,
    **dict.fromkeys(("mount", "mount.cifs"), _mount),
}


def without_secrets(words: Sequence[str]) -> str:
    """The command line as it may be shown: every credential in it replaced, over-long ones cut."""
    return shown(words, (found.secret for found in find(words)))
