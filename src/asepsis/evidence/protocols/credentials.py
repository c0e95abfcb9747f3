"""Credentials in command lines: ``sshpass -p``, ``curl -u``, ``echo … | chpasswd`` and their like. No I/O.

The same knowledge finds them for the reader of scripts and takes them out of the command lines that other facts show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from asepsis.evidence.protocols.command_line import base, option, program
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
    for found in (*in_url(" ".join(rest)), *_BY_PROGRAM.get(base(rest[0]), _generic)(rest)):
        if found.secret not in seen:
            seen.add(found.secret)
            yield found


def _generic(words: Sequence[str]) -> Iterator[Credential]:
    """Options whose name says that a secret follows."""
    for i, word in enumerate(words[1:], 1):
        found = _SECRET_OPTION.match(word)
        if not found:
            continue
        value = found.group(1) if found.group(1) is not None else "".join(words[i + 1 : i + 2])
        if value and not _NOT_A_VALUE.match(value):
            yield Credential(value, SecretKind.APPLICATION, word.split("=")[0].lstrip("-"), "", base(words[0]))


def _option(kind: SecretKind, opens: str, *names: str, user: tuple[str, ...] = ()) -> Finder:
    def read(words: Sequence[str]) -> Iterator[Credential]:
        secret = option(words, *names)
        if secret and not _NOT_A_VALUE.match(secret):
            yield Credential(secret, kind, f"{base(words[0])} {names[0]}", option(words, *user) if user else "", opens)
        yield from _generic(words)

    return read


def _pair(opens: str, mark: str, *names: str) -> Finder:
    """User and secret in one value: ``-u user:secret``, ``-U user%secret``; a cluster of short options (``-su``) takes a value, too."""

    def read(words: Sequence[str]) -> Iterator[Credential]:
        clusters = [word for word in words[1:] if re.fullmatch(r"-[A-Za-z]{2,8}", word) and f"-{word[-1]}" in names]
        for name in (*names, *clusters):
            user, found, secret = option(words, name).partition(mark)
            if found and secret:
                yield Credential(secret, SecretKind.APPLICATION, f"{base(words[0])} {name}", user, opens)
        yield from _generic(words)

    return read


def _openssl(words: Sequence[str]) -> Iterator[Credential]:
    for i, word in enumerate(words[:-1]):
        if word in {"-pass", "-passin", "-passout"} and words[i + 1].startswith("pass:"):
            yield Credential(words[i + 1][5:], SecretKind.KEY, f"openssl {word}")
        elif word in {"-k", "-K"}:
            yield Credential(words[i + 1], SecretKind.KEY, f"openssl {word}")


_MOUNT = re.compile(r"(?:^|,)(user(?:name)?|pass(?:word)?)=([^,]{1,256})")


def _mount(words: Sequence[str]) -> Iterator[Credential]:
    """``mount -t cifs -o username=…,password=…`` (mount.cifs(8))."""
    given = dict(_MOUNT.findall(option(words, "-o", "--options")))
    secret = given.get("password") or given.get("pass", "")
    if secret:
        yield Credential(secret, SecretKind.NETWORK_LOGIN, "mount -o", given.get("username") or given.get("user", ""), "cifs")


_APP = SecretKind.APPLICATION
_BY_PROGRAM: dict[str, Finder] = {
    "sshpass": _option(_APP, "ssh", "-p"),
    "plink": _option(_APP, "ssh", "-pw", user=("-l",)),
    "pscp": _option(_APP, "ssh", "-pw", user=("-l",)),
    "curl": _pair("http", ":", "-u", "--user", "-U", "--proxy-user"),
    **dict.fromkeys(("http", "https", "xh"), _pair("http", ":", "-a", "--auth")),
    "lftp": _pair("ftp", ",", "-u", "--user"),
    **dict.fromkeys(("smbclient", "rpcclient", "smbget"), _pair("smb", "%", "-U", "--user")),
    "wget": _option(_APP, "http", "--password", "--http-password", "--ftp-password", user=("--user", "--http-user", "--ftp-user")),
    **dict.fromkeys(("mysql", "mysqldump", "mysqladmin"), _option(_APP, "database", "-p", "--password", user=("-u", "--user"))),
    **dict.fromkeys(("ftpget", "ftpput", "ncftpget", "ncftpput"), _option(_APP, "ftp", "-p", user=("-u",))),
    **dict.fromkeys(("mosquitto_pub", "mosquitto_sub"), _option(_APP, "mqtt", "-P", "--pw", user=("-u", "--username"))),
    **dict.fromkeys(("zip", "unzip", "7z", "unrar"), _option(SecretKind.KEY, "archive", "-P", "--password")),
    "ldapsearch": _option(_APP, "ldap", "-w", user=("-D",)),
    "openssl": _openssl,
    **dict.fromkeys(("mount", "mount.cifs"), _mount),
}


def without_secrets(words: Sequence[str]) -> str:
    """The command line as it may be shown: every credential in it replaced, over-long ones cut."""
    return shown(words, (found.secret for found in find(words)))
