"""Dial-up and tunnels over PPP: ``chap-secrets``, ``pap-secrets``, peers and options, ``l2tp-secrets``, ``wvdial.conf``.

Lines ``CLIENT SERVER SECRET [ADDRESS …]`` with quotes and backslashes (pppd(8), ppp 2.5); ``@FILE`` names a file with the secret. A peer or
options file has ``user NAME`` and ``password SECRET``. ``l2tp-secrets`` of xl2tpd has ``US THEM SECRET``. ``wvdial.conf`` has ``Username =`` and
``Password =`` (wvdial.conf(5)).

Known ways it lies: in ``pap-secrets`` an empty secret, or ``*``, does not let everybody in: with ``login`` the system's passwords count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import key_file, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_SECRETS = re.compile(r"(?:^|/)(?:chap-secrets|pap-secrets|srp-secrets|l2tp-secrets)(?:[.-][^/]*)?$")
_OPTIONS = re.compile(r"(?:^|/)ppp/(?:peers/[^/]+|options[^/]*)$|(?:^|/)\.ppprc$|(?:^|/)options\.(?:xl2tpd|pptp|l2tpd)[^/]*$")
_WVDIAL = re.compile(r"(?:^|/)\.?wvdial(?:rc|\.conf)[^/]*$")
_WORD = re.compile(r'"((?:\\.|[^"\\]){0,1024})"|\'([^\']{0,1024})\'|((?:\\.|[^\s"\'#\\]){1,1024})|(#)')
_FIELDS = 3


class PppReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the client's name, else the server's."""

    info = ReaderInfo("ppp", "Log-ins of PPP", (StoredSecret,), ("chap-secrets", "pap-secrets", "ppp/peers/*", "l2tp-secrets", "wvdial.conf"))
    signs = Signs(paths=(_SECRETS, _OPTIONS, _WVDIAL), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        known = _SECRETS.search(path) or _OPTIONS.search(path) or _WVDIAL.search(path)
        return Sureness.YES if known and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Three columns, words of options, or a key file, by the file's name."""
        if _SECRETS.search(source.path):
            _read_secrets(Keeper(source, emit, "ppp"))
        elif _OPTIONS.search(source.path):
            _read_options(Keeper(source, emit, "ppp"))
        else:
            _read_wvdial(Keeper(source, emit, "wvdial"))


def _read_secrets(keeper: Keeper) -> None:
    kind = keeper.source.path.rsplit("/", 1)[-1]
    for number, words in _rows(keeper.source):
        if len(words) < _FIELDS or not words[2] or words[2].startswith("@/"):
            continue
        subject = words[0] if words[0] != "*" else words[1]
        form = SecretForm.LOCKED if words[2] == "*" and kind.startswith("pap") else None
        keeper.tell(SecretKind.NETWORK_LOGIN, words[2], line=number, subject=subject.strip("*"), key=kind[:32], form=form)


def _read_options(keeper: Keeper) -> None:
    rows = list(_rows(keeper.source))
    named = next((words[1] for _, words in rows if len(words) > 1 and words[0] in {"user", "name"}), "")
    for number, words in rows:
        for option, value in pairwise(words):
            if option == "password" and value:
                keeper.tell(SecretKind.NETWORK_LOGIN, value, line=number, subject=named, key="password")


def _read_wvdial(keeper: Keeper) -> None:
    """Keys are case-blind and may hold spaces."""
    entries = list(key_file(keeper.source.lines()))
    users = {entry.section: unquote(entry.value) for entry in entries if entry.key.lower() == "username"}
    for entry in entries:
        if entry.key.lower() == "password" and entry.value:
            keeper.tell(SecretKind.NETWORK_LOGIN, unquote(entry.value), line=entry.line, subject=users.get(entry.section, ""), key="Password")


def _rows(source: BoundedSource) -> Iterator[tuple[int, list[str]]]:
    """The words of each line, quotes and backslashes undone, up to a comment."""
    for number, line in source.lines():
        words: list[str] = []
        for found in _WORD.finditer(line[:4096]):
            double, single, bare, comment = found.groups()
            if comment:
                break
            words.append(re.sub(r"\\(.)", r"\1", double if double is not None else bare) if single is None else single)
        if words:
            yield number, words
