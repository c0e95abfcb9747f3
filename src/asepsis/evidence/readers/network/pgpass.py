r"""``.pgpass``: log-ins of PostgreSQL's clients.

Lines ``HOST:PORT:DATABASE:USER:PASSWORD`` (PostgreSQL documentation, libpq-pgpass); ``\\:`` and ``\\\\`` stand for themselves, ``*`` for anything.

Known ways it lies: libpq ignores the file if others may read it, which says nothing about who has the disk.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretKind

_PATH = re.compile(r"(?:^|/)(?:\.pgpass|pgpass\.conf|pgpass)$", re.IGNORECASE)
_FIELD = r"((?:\\.|[^:\\]){0,256})"
_LINE = re.compile(rf"{_FIELD}:{_FIELD}:{_FIELD}:{_FIELD}:{_FIELD}")
_ESCAPE = re.compile(r"\\(.)")


class PgpassReader:
    """Emits one :class:`StoredSecret` for each password; its subject is the user."""

    info = ReaderInfo("pgpass", "Log-ins of PostgreSQL's clients", (StoredSecret,), (".pgpass", "pgpass.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        keeper = Keeper(source, emit, "pgpass")
        for number, line in source.lines():
            found = None if line.startswith("#") else _LINE.match(line)
            if found and found.group(5):
                user, secret = (_ESCAPE.sub(r"\1", found.group(part)) for part in (4, 5))
                keeper.tell(SecretKind.APPLICATION, secret, line=number, subject=user, key="password", opens="database")
