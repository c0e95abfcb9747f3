"""The contract of a way to fetch a feed: what is known in, files to import and what will be known out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from asepsis.guard.fetch import CannotFetch, Fetcher, State
from asepsis.guard.limits import MIB
from asepsis.knowledge.vulnerabilities.listing import Listing, read_listing


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the store remembers of an address: by what the server knows the file, and how far we are in words of the way."""

    etag: str = ""
    modified: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """Files that were fetched from an address; ``remembered`` counts once all of them were taken in. No files: there is nothing newer.

    ``left`` counts files that are there and were not fetched this time.
    """

    address: str
    files: tuple[Path, ...]
    remembered: Remembered
    left: int = 0


@dataclass(frozen=True, slots=True)
class Errand:
    """What a way works with: ``folder`` takes the files, ``now`` is the time of the update, ``known`` what the store remembers by address."""

    fetcher: Fetcher
    folder: Path
    now: datetime
    known: Mapping[str, Remembered]
    environ: Mapping[str, str]
    pause: Callable[[float], None]

    def remembered(self, address: str) -> Remembered:
        """What is known of an address."""
        return self.known.get(address, Remembered())

    def fetch(
        self, address: str, *, known: State | None = None, headers: Mapping[str, str] | None = None, digest: str = ""
    ) -> tuple[Path | None, State]:
        """One file; None if it is not newer than ``known``. Raises ``CannotFetch``, also if it is not the one that ``digest`` (SHA-256) tells."""
        target = self.folder / _file_name(address)
        fetched = self.fetcher.fetch(address, target, known or State(), headers)
        if fetched.path and digest and _sha256(fetched.path) != digest:
            fetched.path.unlink()
            raise CannotFetch(f"{address.partition('?')[0]}: is not the file whose digest was published")
        return fetched.path, fetched.state

    def listing(self, kind: str, address: str, headers: Mapping[str, str] | None = None) -> tuple[Listing, Path]:
        """What a document lists, and the document. Raises ``CannotFetch``."""
        path, _ = self.fetch(address, headers=headers)
        if path is None:
            raise CannotFetch(f"{address.partition('?')[0]}: says that nothing changed, without having been asked")
        found = read_listing(kind, path)
        if found.wrong:
            path.unlink()
            raise CannotFetch(f"{address.partition('?')[0]}: {found.wrong}")
        return found, path


class Way(Protocol):
    """Fetches what is new at one address of a feed. Raises ``CannotFetch``."""

    def __call__(self, address: str, errand: Errand) -> Got:
        """See the class."""


def _file_name(address: str) -> str:
    """A name that tells the file and no other one; nothing of the address can lead out of the folder."""
    last = re.sub(r"[^A-Za-z0-9._-]", "_", address.partition("?")[0].rstrip("/").rpartition("/")[2]).lstrip(".")[-80:]
    return f"{sha256(address.encode()).hexdigest()[:16]}-{last or 'file'}"


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while data := file.read(MIB):
            digest.update(data)
    return digest.hexdigest()


def with_state(state: State, words: str = "") -> Remembered:
    """What to remember of a file."""
    return replace(Remembered(state.etag, state.modified), state=words)
