"""The store of published flaws, opened for reading: what is known of the parts of a device.

One SQLite file that is never changed in place (a new one takes its place at once), so that a reader needs no lock and sees one state.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from asepsis.knowledge.end_of_support import Product
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.feed import Document, vectors
from asepsis.knowledge.vulnerabilities.schema import APPLICATION, VERSION
from asepsis.model.vulnerability import Affected, Feed, Vulnerability

_AT_ONCE = 500
"""Keys in one question; SQLite takes no more than some thousands."""

_AFFECTING = """
SELECT DISTINCT a.vulnerability, d.source, a.body FROM affected a JOIN document d ON d.number = a.document
WHERE a.key IN ({keys})
AND NOT EXISTS (SELECT 1 FROM vulnerability v WHERE v.id = a.vulnerability AND v.withdrawn)
AND NOT (d.source = 'nvd' AND EXISTS (SELECT 1 FROM document o WHERE o.source = 'nvd-overrides' AND o.id = d.id))
"""
_OF_FLAW_OF_ONE_SOURCE = "SELECT body FROM vulnerability WHERE id = ? LIMIT 2"
_OF_FLAW = "SELECT v.body FROM vulnerability v JOIN document d ON d.number = v.document WHERE v.id = ? ORDER BY d.source, d.id, v.body"

_FIRST = ("cve", "nvd", "kev", "epss")
"""Whose words lead where sources differ; after them the others by name."""


class Store:
    """Published flaws by lookup key and by id. Every method may raise ``KnowledgeError`` if the file turns out to be broken."""

    def __init__(self, path: Path) -> None:
        """Open ``path`` for reading. Raises ``KnowledgeError`` if it is no store of this version."""
        self.path = path
        with self._trouble():
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._connection.execute("PRAGMA trusted_schema = OFF")
            (application,), (version,) = (self._connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
        if application != APPLICATION:
            raise KnowledgeError(f"{path}: no store of vulnerability knowledge")
        if version != VERSION:
            raise KnowledgeError(f"{path}: made by another version of Asepsis (format {version}, this one reads {VERSION}); import the feeds again")

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, msgspec.DecodeError, msgspec.ValidationError) as error:
            raise KnowledgeError(f"{self.path}: the store cannot be read ({error}); import the feeds again") from error

    def affecting(self, keys: Iterable[str]) -> Iterator[Affected]:
        """What all sources say of the parts with these keys (:mod:`.names`), by flaw and source.

        Withdrawn flaws are left out, and what NVD says where a correction of NVD is there.
        """
        wanted = sorted(set(keys))
        rows: set[tuple[str, str, bytes]] = set()
        with self._trouble():
            for at in range(0, len(wanted), _AT_ONCE):
                some = wanted[at : at + _AT_ONCE]
                rows.update(self._connection.execute(_AFFECTING.format(keys=",".join("?" * len(some))), some))
            for _, _, body in sorted(rows):
                yield msgspec.json.decode(body, type=Affected)

    def vulnerability(self, name: str) -> Vulnerability:
        """What all sources say of a flaw, put together; its ``sources`` are empty if none knows it. ``name`` may be an alias of one flaw."""
        with self._trouble():
            rows = self._connection.execute(_OF_FLAW_OF_ONE_SOURCE, (name,)).fetchall()  # most have one, and need no order
            if len(rows) != 1:
                rows = self._connection.execute(_OF_FLAW, (name,)).fetchall()
            if not rows:
                ids = {row[0] for row in self._connection.execute("SELECT id FROM alias WHERE alias = ?", (name,))}
                name = ids.pop() if len(ids) == 1 else name
                rows = self._connection.execute(_OF_FLAW, (name,)).fetchall()
            return together(name, [msgspec.json.decode(body, type=Vulnerability) for (body,) in rows])

    def feeds(self) -> tuple[Feed, ...]:
        """The sources, by name."""
        with self._trouble():
            return tuple(Feed(*row) for row in self._connection.execute("SELECT name, date, records, sha256, licence FROM feed ORDER BY name"))

    def products(self) -> tuple[tuple[str, Product], ...]:
        """Ends of support with the day of their source, by id."""
        query = "SELECT d.modified, p.body FROM product p JOIN document d ON d.number = p.document ORDER BY p.id, d.source"
        with self._trouble():
            return tuple((modified[:10], msgspec.json.decode(body, type=Product)) for modified, body in self._connection.execute(query))

    def documents(self) -> Iterator[Document]:
        """Everything, document by document, by source and id."""
        with self._trouble():
            for number, source, name, modified in self._connection.execute("SELECT number, source, id, modified FROM document ORDER BY source, id"):
                flaws, parts, products = (self._bodies(table, number) for table in ("vulnerability", "affected", "product"))
                yield Document(
                    source,
                    name,
                    modified,
                    tuple(msgspec.json.decode(body, type=Vulnerability) for body in flaws),
                    tuple(msgspec.json.decode(body, type=Affected) for body in parts),
                    tuple(msgspec.json.decode(body, type=Product) for body in products),
                )

    def _bodies(self, table: str, document: int) -> Iterable[bytes]:
        """Each once: a statement lies under every key of its part."""
        rows = self._connection.execute(f"SELECT body FROM {table} WHERE document = ? ORDER BY rowid", (document,))  # noqa: S608 - our own names
        return dict.fromkeys(body for (body,) in rows)

    def downloads(self) -> dict[str, tuple[str, str, str]]:
        """Address → ETag, Last-Modified and the state of what was downloaded from there last."""
        with self._trouble():
            return {row[0]: tuple(row[1:]) for row in self._connection.execute("SELECT address, etag, modified, state FROM download")}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __del__(self) -> None:
        with suppress(AttributeError):  # it was never opened
            self.close()


def open_store(path: Path) -> Store | None:
    """The store, or None if there is no such file: no vulnerability knowledge. Raises ``KnowledgeError`` if it is there and not a store."""
    return Store(path) if path.exists() else None


def together(name: str, said: Iterable[Vulnerability]) -> Vulnerability:
    """One flaw from what each source says: words of the first that has some, days from the earliest to the latest, everything else from all."""
    flaws = list(said)
    if len(flaws) == 1 and flaws[0].id == name:
        return flaws[0]
    flaws.sort(key=lambda flaw: (_rank(flaw), flaw.sources))
    withdrawn = [flaw for flaw in flaws if flaw.withdrawn]
    telling = [flaw for flaw in flaws if not flaw.withdrawn] or flaws
    return Vulnerability(
        name,
        aliases=tuple(sorted({alias for flaw in flaws for alias in flaw.aliases})),
        summary=next((flaw.summary for flaw in telling if flaw.summary), ""),
        cwes=tuple(sorted({cwe for flaw in telling for cwe in flaw.cwes})),
        vectors=vectors(vector for flaw in telling for vector in flaw.vectors),
        published=min((flaw.published for flaw in telling if flaw.published), default=""),
        modified=max((flaw.modified for flaw in flaws if flaw.modified), default=""),
        exploited_since=min((flaw.exploited_since for flaw in telling if flaw.exploited_since), default=""),
        ransomware=any(flaw.ransomware for flaw in flaws),
        epss=next((flaw.epss for flaw in flaws if flaw.epss is not None), None),
        withdrawn=bool(withdrawn),
        sources=tuple(sorted({source for flaw in flaws for source in flaw.sources})),
    )


def _rank(flaw: Vulnerability) -> int:
    return min((_FIRST.index(source) for source in flaw.sources if source in _FIRST), default=len(_FIRST))
