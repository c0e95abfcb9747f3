"""``.netrc``: log-ins that ftp, curl, git and others look up by machine.

Words in any number of lines (netrc(5)): ``machine NAME`` or ``default``, then ``login``, ``password``, ``account`` in any order; ``macdef NAME``
begins a macro that ends at an empty line. Words may stand in double quotes.

Known ways it lies: ``default`` with ``anonymous`` and a mail address is no secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretKind

_PATH = re.compile(r"(?:^|/)[._]netrc$|(?:^|/)netrc$|(?:^|/)\.authinfo$")
_WORD = re.compile(r'"((?:\\.|[^"\\]){0,1024})"|(\S{1,1024})')
_ANONYMOUS = frozenset({"anonymous", "ftp"})


class NetrcReader:
    """Emits one :class:`StoredSecret` for each password; its subject is the user."""

    info = ReaderInfo("netrc", "Log-ins of .netrc", (StoredSecret,), (".netrc",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Machine by machine: the user may stand behind the password."""
        keeper = Keeper(source, emit, "netrc")
        login, passwords, wanted = "", list[tuple[int, str]](), ""
        for number, word in _words(source):
            if wanted in {"password", "account", "login", "machine"}:
                login = word if wanted == "login" else login
                passwords += [(number, word)] if wanted == "password" else []
                wanted = ""
                continue
            if word in {"machine", "default"}:
                _tell(keeper, login, passwords)
                login, passwords = "", []
            wanted = word
        _tell(keeper, login, passwords)


def _tell(keeper: Keeper, login: str, passwords: list[tuple[int, str]]) -> None:
    for number, secret in passwords:
        why = "anonymous access" if login in _ANONYMOUS else ""
        keeper.tell(SecretKind.APPLICATION, secret, line=number, subject=login, key="password", placeholder=why)


def _words(source: BoundedSource) -> Iterator[tuple[int, str]]:
    macro = False
    for number, line in source.lines():
        text = line.strip()
        if macro or text.startswith(("#", "macdef")):
            macro = (macro or text.startswith("macdef")) and bool(text)
            continue
        for quoted, bare in _WORD.findall(line[:8192]):
            yield number, re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
