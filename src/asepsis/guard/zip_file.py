"""Zip archives of our own: written the same way each time, and taken stock of, member by member, before anything in them is believed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import cast

from asepsis.guard.documents import BROKEN, Budget, CannotOpen, Reads, Stream
from asepsis.guard.limits import MIB

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


class ZipWriter:
    """An archive being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """``archive`` is open for writing."""
        self._archive = archive

    def member(self, name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Add a member; its SHA-256 and its bytes."""
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _MODE
        digest, size = sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return digest.hexdigest(), size


@contextmanager
def writing(path: Path) -> Iterator[ZipWriter]:
    """A new archive at ``path``: the same members give the same bytes. Raises ``OSError``."""
    with zipfile.ZipFile(path, "w") as archive:
        yield ZipWriter(archive)


def take_stock(path: Path, small: frozenset[str], longest: int) -> tuple[dict[str, bytes], list[tuple[str, str, int]]]:
    """The content of the members named in ``small`` (none may be longer than ``longest``), and name, SHA-256 and bytes of every other.

    For the bounded child process. Raises ``CannotOpen`` and ``LimitReached``.
    """
    contents: dict[str, bytes] = {}
    others = []
    budget = Budget()
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                budget.member()
                with archive.open(info) as member:
                    stream = Stream(info.filename, cast("Reads", member), budget, max(1, info.compress_size))
                    if info.filename in small:
                        content = stream.peek(longest + 1)
                        if len(content) > longest or info.filename in contents:
                            raise CannotOpen(f"has a {info.filename} that is too long, or two of them")
                        contents[info.filename] = content
                    else:
                        others.append((info.filename, *_digest(stream)))
    except BROKEN as error:
        raise CannotOpen("is no whole zip archive: cut short or broken") from error
    return contents, others


def _digest(stream: Stream) -> tuple[str, int]:
    digest, size = sha256(), 0
    while data := stream.read(MIB):
        digest.update(data)
        size += len(data)
    return digest.hexdigest(), size
