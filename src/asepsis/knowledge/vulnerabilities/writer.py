"""Write the store: a copy of the last good state beside it, changed in one transaction, then put in its place at once.

Whatever goes wrong before the last step, a broken feed, a full disk, a kill, the last good state stays as it was.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.names import keys_of
from asepsis.knowledge.vulnerabilities.schema import APPLICATION, OF_DOCUMENTS, TABLES, VERSION
from asepsis.knowledge.vulnerabilities.store import Store
from asepsis.model.vulnerability import Feed

_PREFIX = ".importing-"


@contextlib.contextmanager
def changed(path: Path) -> Iterator[Writer]:
    """A writer on a copy of ``path``, or on a new store; on leaving without an exception the copy takes the place of ``path``.

    Raises ``KnowledgeError`` if the place cannot be written, another import is running, or what is there is another program's file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path), _beside(path) as copy:
            fresh = _take_over(path, copy)
            connection = sqlite3.connect(copy, isolation_level=None)
            try:
                _prepare(connection, fresh=fresh)
                yield Writer(connection)
                connection.execute("COMMIT")
            finally:
                connection.close()
            _put(copy, path)
    except sqlite3.Error as error:
        raise KnowledgeError(f"{path}: cannot be written: {error}") from error
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be written: {error.strerror}") from error


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else works on ``path`` meanwhile. Raises ``KnowledgeError`` if somebody does."""
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in path.parent.glob(f"{_PREFIX}{path.name}*"):  # of an import that was killed
            left.unlink(missing_ok=True)
        yield
    except BlockingIOError as error:
        raise KnowledgeError(f"{path}: another import is running") from error
    finally:
        os.close(lock)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f"{_PREFIX}{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for left in (name, f"{name}-journal"):
            Path(left).unlink(missing_ok=True)


def _take_over(path: Path, copy: Path) -> bool:
    """Copy what is there; True if there is nothing. Raises ``KnowledgeError`` if it is no store of ours."""
    if not path.exists():
        return True
    Store(path).close()
    shutil.copyfile(path, copy)
    return False


def _prepare(connection: sqlite3.Connection, *, fresh: bool) -> None:
    for name, value in (("journal_mode", "OFF"), ("synchronous", "OFF"), ("cache_size", -200_000), ("temp_store", 1)):
        connection.execute(f"PRAGMA {name} = {value}")  # the copy is thrown away if anything fails, and synced when it is whole
    if fresh:
        connection.executescript(f"{TABLES} PRAGMA user_version = {VERSION}; PRAGMA application_id = {APPLICATION};")
    connection.execute("BEGIN")


def _put(copy: Path, path: Path) -> None:
    """Make sure that the copy is on the disk, then rename it and make sure of that too."""
    copy.chmod(0o644)
    for one, then in ((copy, path), (path.parent, None)):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if then is not None:
            one.replace(then)


class Writer:
    """Changes of one import."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """``connection`` is within a transaction."""
        self._connection = connection
        self.taken, self.older = Counter[str](), Counter[str]()
        self._newest: dict[str, str] = {}
        self._touched: set[str] = set()

    def add(self, document: Document) -> None:
        """Put a document in the place of the one of the same name, unless that is newer."""
        self._touched.add(document.source)
        old = self._connection.execute("SELECT number, modified FROM document WHERE source = ? AND id = ?", (document.source, document.id)).fetchone()
        if old is not None and document.modified < old[1]:
            self.older[document.source] += 1
            return
        if old is not None:
            self._remove(old[0])
        number = self._connection.execute(
            "INSERT INTO document(source, id, modified) VALUES (?, ?, ?)", (document.source, document.id, document.modified)
        ).lastrowid
        self._fill(number, document)
        self.taken[document.source] += 1
        self._newest[document.source] = max(self._newest.get(document.source, ""), document.modified)

    def _fill(self, number: int | None, document: Document) -> None:
        encode = msgspec.json.encode
        flaws = document.vulnerabilities
        aliases = [(alias, flaw.id, number) for flaw in flaws for alias in flaw.aliases]
        parts = [(key, part.vulnerability, number, encode(part)) for part in document.affected for key in keys_of(part)]
        self._many("vulnerability", [(flaw.id, number, flaw.withdrawn, encode(flaw)) for flaw in flaws])
        self._many("alias", aliases)
        self._many("affected", parts)
        self._many("product", [(product.id, number, encode(product)) for product in document.products])

    def _many(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)  # noqa: S608 - our own names

    def _remove(self, number: int) -> None:
        for table in OF_DOCUMENTS:
            self._connection.execute(f"DELETE FROM {table} WHERE document = ?", (number,))  # noqa: S608 - our own names
        self._connection.execute("DELETE FROM document WHERE number = ?", (number,))

    def told(self, sha256: str, licence_of: dict[str, str]) -> None:
        """Write the list of feeds: those that were spoken of since the last time, with the digest of what was read."""
        for source in sorted(self._touched):
            (records,) = self._connection.execute("SELECT count(*) FROM document WHERE source = ?", (source,)).fetchone()
            old = self._connection.execute("SELECT date, sha256 FROM feed WHERE name = ?", (source,)).fetchone() or ("", "")
            feed = Feed(
                source,
                max(old[0], self._newest.get(source, "")[:10]),
                records,
                sha256 if source in self._newest else old[1],
                _licence(source, licence_of),
            )
            self._connection.execute("INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?)", _row(feed))
        self._touched.clear()

    def downloaded(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        """Remember what was downloaded: address, ETag, Last-Modified, state."""
        self._connection.executemany("INSERT OR REPLACE INTO download VALUES (?, ?, ?, ?)", list(rows))


def _row(feed: Feed) -> tuple[str, str, int, str, str]:
    return feed.name, feed.date, feed.records, feed.sha256, feed.licence


def _licence(source: str, licence_of: dict[str, str]) -> str:
    return licence_of.get(source) or licence_of.get(source.partition(":")[0], "")
