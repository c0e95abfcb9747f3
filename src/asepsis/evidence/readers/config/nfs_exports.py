"""``/etc/exports``: folders that the NFS server gives away.

``/FOLDER CLIENT(OPTION,…) …``; a client is a host, a network, ``*``, or nothing at all, which is everybody. Unless ``sec=krb5…`` is set the
server believes whatever user number the other side sends; ``no_root_squash`` believes even root (exports(5)).

Known ways it lies: files of ``exports.d`` add to it; a single host is believed by its address only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)etc/exports(?:\.d/[^/]+\.exports)?$")
_CLIENT = re.compile(r"([^()\s]*)(?:\(([^()]*)\))?\Z")
_MANY = re.compile(r"\*|.*[*?].*|0\.0\.0\.0/0(?:\.0\.0\.0)?|::/0|[\d.]+/\d[\d.]*|[\da-fA-F:]+/\d+|")


class NfsExportsReader:
    """Emits a :class:`Service` ``nfs`` for each folder and client."""

    info = ReaderInfo("nfs_exports", "Folders that NFS gives away", (Service,), ("etc/exports",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line; options after a lone ``-`` are the defaults of the line."""
        for number, words in word_lines(source.lines()):
            if not words[0].startswith("/"):
                continue
            for client, options in _clients(words[1:]):
                emit(_service(source, number, words[0], client, options))


def _clients(words: list[str]) -> Iterator[tuple[str, frozenset[str]]]:
    common: frozenset[str] = frozenset()
    if words and words[0].startswith("-"):
        common, words = frozenset(words[0][1:].split(",")), words[1:]
    for word in words[:64] or [""]:
        found = _CLIENT.match(word)
        if found:
            yield found.group(1), common | frozenset(filter(None, (found.group(2) or "").split(",")))


def _service(source: BoundedSource, line: int, folder: str, client: str, options: frozenset[str]) -> Service:
    secure = any(option.startswith("sec=krb5") for option in options)
    writes, root = "rw" in options, "no_root_squash" in options
    many = _MANY.fullmatch(client) is not None
    who = "anybody" if client in {"", "*"} else client[:48]
    notes = [f"{who} may {'read and write' if writes else 'read'} {folder[:64]}", "root of the other side is root here" if root else ""]
    return Service(
        source.where(line=line),
        "nfs",
        "nfsd",
        Auth.KEY if secure else Auth.NONE if many else Auth.UNKNOWN,
        "sec=krb5p" in options,
        port=2049,
        gives=Gives.CONTROL if writes else Gives.READING,
        root_log_in=root,
        detail=", ".join(filter(None, notes)),
    )
