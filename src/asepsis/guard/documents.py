"""The files that knowledge comes in: plain, compressed (gzip, zstandard), zip archives (also one in another) and folders, as bounded streams.

Runs in the bounded child process only. Names are told for places in problems, never used as paths; nothing is written but one temporary file for an
archive within an archive.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, cast

from asepsis.guard.limits import FEED_LIMITS, MIB, FeedLimits, LimitReached
from asepsis.guard.tools import search_path

BROKEN = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What a broken or encrypted container raises while it is read."""

_HEAD = 4
_ZIP, _GZIP, _ZSTD = b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_NOT_BELOW = 64 * MIB
"""Bytes that may come out of anything, whatever the ratio."""


class CannotOpen(Exception):
    """A file or container cannot be opened; the message says why, without its name."""


class Reads(Protocol):
    """What a stream reads from."""

    def read1(self, length: int, /) -> bytes:
        """At most ``length`` bytes, as many as there are at once; nothing at the end."""


@dataclass(slots=True)
class Budget:
    """What may still be read, over all files of one import."""

    limits: FeedLimits = FEED_LIMITS
    members: int = 0
    inflated: int = 0

    def member(self) -> None:
        """Count one file. Raises ``LimitReached``."""
        self.members += 1
        if self.members > self.limits.members:
            raise LimitReached("members", self.limits.members, self.members)


@dataclass(slots=True)
class Stream:
    """One file's bytes, counted. ``size`` is what they take up in compressed form, 0 if that is not known."""

    name: str
    handle: Reads
    budget: Budget
    size: int = 0
    _read: int = field(default=0, init=False)
    _kept: bytes = field(default=b"", init=False)

    def peek(self, length: int) -> bytes:
        """The first bytes, without taking them."""
        while len(self._kept) < length and (more := self._take(length - len(self._kept))):
            self._kept += more
        return self._kept[:length]

    def read(self, length: int) -> bytes:
        """At most ``length`` bytes, nothing at the end. Raises ``LimitReached`` for a bomb, and what a broken container raises."""
        kept, self._kept = self._kept[:length], self._kept[length:]
        return kept or self._take(length)

    def _take(self, length: int) -> bytes:
        # What a broken stream gave before it broke is not lost: read1 gives what there is.
        data = self.handle.read1(length) if length else b""
        self._read += len(data)
        self.budget.inflated += len(data)
        limits = self.budget.limits
        if self.budget.inflated > limits.inflated_bytes:
            raise LimitReached("inflated_bytes", limits.inflated_bytes, self.budget.inflated)
        if self.size and self._read > max(_NOT_BELOW, self.size * limits.inflated_ratio):
            raise LimitReached("inflated_ratio", limits.inflated_ratio, self._read // self.size)
        return data


def files(path: Path) -> Iterator[tuple[str, Path]]:
    """Every file under ``path`` with the name to tell it by, sorted; ``path`` itself if it is one. Links are followed only for ``path`` itself."""
    if not path.is_dir():
        yield path.name, path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                yield file.relative_to(path.parent).as_posix(), file


def streams(path: Path, name: str, budget: Budget, depth: int = 0) -> Iterator[Stream]:
    """The file's content, or that of each file in it if it is an archive. Raises ``CannotOpen`` and ``LimitReached``."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
            handle.seek(0)
            if head == _ZIP or head.startswith(b"PK\x05\x06"):
                yield from _zip(handle, name, budget, depth)
                return
            budget.member()
            with _inflated(handle, head, path) as inner:
                yield Stream(name, cast("Reads", inner), budget, path.stat().st_size if inner is not handle else 0)
    except zipfile.BadZipFile as error:
        raise CannotOpen("is no whole zip archive: cut short or broken") from error
    except OSError as error:
        raise CannotOpen(f"cannot be read: {error.strerror or 'broken'}") from error


@contextmanager
def _inflated(handle: IO[bytes], head: bytes, path: Path) -> Iterator[IO[bytes]]:
    if head.startswith(_GZIP):
        with gzip.open(handle) as inner:
            yield cast("IO[bytes]", inner)
    elif head.startswith(_ZSTD):
        with _zstd(path) as inner:
            yield inner
    else:
        yield handle


@contextmanager
def _zstd(path: Path) -> Iterator[IO[bytes]]:
    program = shutil.which("zstd", path=search_path())
    if program is None:
        raise CannotOpen("is compressed with zstandard, and the program zstd is not installed")
    with subprocess.Popen(  # noqa: S603 - our own program, of the system
        [program, "-dc", "--memory=128MB", "--", os.fspath(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker: we asked for the pipe
        yield process.stdout
        process.stdout.close()
        if process.wait() > 0:
            raise CannotOpen("is a broken zstandard stream")


def _zip(handle: IO[bytes], name: str, budget: Budget, depth: int) -> Iterator[Stream]:
    with zipfile.ZipFile(handle) as archive:
        for info in sorted(archive.infolist(), key=lambda one: one.filename):
            budget.member()
            if info.is_dir():
                continue
            inner = f"{name}!{info.filename}"
            try:
                with archive.open(info) as member:
                    if info.filename.endswith(".zip"):
                        yield from _zip_in_zip(member, inner, budget, depth)
                    else:
                        yield Stream(inner, cast("Reads", member), budget, max(1, info.compress_size))
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                yield Stream(inner, _Unreadable(error), budget)


def _zip_in_zip(member: IO[bytes], name: str, budget: Budget, depth: int) -> Iterator[Stream]:
    """The record archive within an archive, as the CVE programme publishes it: out to a temporary file, once."""
    if depth > 0:
        yield Stream(name, _Unreadable(RuntimeError("an archive in an archive in an archive")), budget)
        return
    with tempfile.NamedTemporaryFile() as file:
        outer = Stream(name, cast("Reads", member), budget)
        while data := outer.read(MIB):
            file.write(data)
        file.flush()
        yield from streams(Path(file.name), name, budget, depth + 1)


class _Unreadable:
    """Stands for an entry that cannot be read (encrypted, an unknown method, a broken header): the first read says so."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read1(self, _length: int, /) -> bytes:
        """Raises what the archive raised."""
        raise self._error
