"""Bring the store up to date over the network: fetch what is new of each feed, then import it; the only command that opens a connection.

What fails is said, one line a feed, and the others are brought up to date. Only when everything of an address was taken in is it remembered as known.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from asepsis.guard.fetch import CannotFetch, Fetcher
from asepsis.guard.limits import FETCH_LIMITS, FetchLimits
from asepsis.guard.workdir import remove
from asepsis.knowledge.toml_file import KnowledgeError, near
from asepsis.knowledge.vulnerabilities.feed_table import FeedTable, KnownFeed
from asepsis.knowledge.vulnerabilities.importing import Imported, digest_of, take
from asepsis.knowledge.vulnerabilities.store import open_store
from asepsis.knowledge.vulnerabilities.way import Errand, Got, Remembered
from asepsis.knowledge.vulnerabilities.ways import WAYS
from asepsis.knowledge.vulnerabilities.writer import alone, changed


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of each feed, a line each; ``failed`` are those of which something is missing."""

    lines: tuple[str, ...]
    failed: tuple[str, ...]
    imported: Imported = field(default_factory=Imported)

    @property
    def complete(self) -> bool:
        """Every feed was fetched and taken in."""
        return not self.failed and self.imported.complete


@dataclass(frozen=True, slots=True)
class Network:
    """How to fetch: limits, proxies and keys by environment, and how to wait."""

    limits: FetchLimits = FETCH_LIMITS
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    pause: Callable[[float], None] = time.sleep
    notice: Callable[[str], None] = lambda _: None


def update(store: Path, table: FeedTable, names: Sequence[str], *, now: datetime, network: Network) -> Updated:
    """Update the feeds named (none: all that can be fetched). Raises ``KnowledgeError`` if there is no such feed or the store cannot be written.

    If nothing could be fetched, the store is not touched.
    """
    feeds = _chosen(table, names)
    folder = store.with_name(f".{store.name}.downloads")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnowledgeError(f"{folder}: cannot be written: {error.strerror}") from error
    known = _known(store)
    lines, failed, got = [], [], list[Got]()
    with alone(folder):
        for feed in feeds:
            fetched, wrong = _fetch(feed, Errand(_fetcher(feed, network), folder, now, known, network.environ, network.pause))
            got += fetched
            failed += [feed.name] if wrong or any(one.left for one in fetched) else []
            lines.append(f"{feed.name}: {_outcome(fetched, wrong)}")
        imported = _import(store, got, now, network) if any(one.files for one in got) else Imported()
        if not failed and imported.complete:
            remove(folder)
    return Updated(tuple(lines), tuple(failed), imported)


def _chosen(table: FeedTable, names: Sequence[str]) -> list[KnownFeed]:
    can = {feed.name: feed for feed in table.feed if feed.kind and feed.addresses}
    for name in names:
        if name not in can:
            raise KnowledgeError(f"no feed {name!r} that can be fetched{near(name, can)}")
    for feed in can.values():
        if feed.kind not in WAYS:
            raise KnowledgeError(f"feed {feed.name}: no such kind: {feed.kind!r}{near(feed.kind, WAYS)}")
    return [feed for feed in can.values() if not names or feed.name in names]


def _known(store: Path) -> dict[str, Remembered]:
    opened = open_store(store)
    return {address: Remembered(*words) for address, words in opened.downloads().items()} if opened else {}


def _fetcher(feed: KnownFeed, network: Network) -> Fetcher:
    return Fetcher(frozenset(feed.hosts), limits=network.limits, environ=network.environ, sleep=network.pause, notice=network.notice)


def _fetch(feed: KnownFeed, errand: Errand) -> tuple[list[Got], list[str]]:
    got, wrong = [], []
    for address in feed.addresses:
        try:
            got.append(WAYS[feed.kind](address, errand))
        except CannotFetch as error:
            wrong.append(str(error))
        except OSError as error:
            raise KnowledgeError(f"{errand.folder}: cannot be written: {error.strerror}") from error
    return got, wrong


def _outcome(fetched: Sequence[Got], wrong: Sequence[str]) -> str:
    if wrong:
        return f"not fetched: {wrong[0]}" + (f"; and {len(wrong) - 1} more of its {len(fetched) + len(wrong)} addresses" if wrong[1:] else "")
    left = sum(one.left for one in fetched)
    more = f", {left} files more than were fetched at once; update again for them" if left else ""
    return ("new" if any(one.files for one in fetched) else "nothing newer") + more


def _import(store: Path, got: Sequence[Got], now: datetime, network: Network) -> Imported:
    """Take everything in, and remember the addresses of which nothing was left out."""
    files = [path for one in got for path in one.files]
    try:
        return _taken(store, got, files, now, network)
    except _NothingTaken as nothing:
        return nothing.done
    finally:
        for path in files:
            path.unlink(missing_ok=True)


def _taken(store: Path, got: Sequence[Got], files: Sequence[Path], now: datetime, network: Network) -> Imported:
    with changed(store) as writer:
        done = take(
            writer, [(path, path.name.partition("-")[2]) for path in files], list(map(digest_of, files)), today=now.date(), notice=network.notice
        )
        if not done.taken and not done.older and done.problems:
            raise _NothingTaken(done)
        bad = {files[number] for number in done.faulty if number < len(files)}
        good = [one for one in got if not bad & set(one.files)]
        writer.downloaded((one.address, one.remembered.etag, one.remembered.modified, one.remembered.state) for one in good)
    return done


class _NothingTaken(Exception):
    """Leaves the store as it was."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done
