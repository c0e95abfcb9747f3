"""Name evidence by its content: one pass for the digest that is printed and for the key that is not."""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH115, PTH118

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from hashlib import blake2b, sha256
from pathlib import Path

_BLOCK = 1 << 20
_PERSON = b"asepsis redact 1"
"""Personalises BLAKE2b: the key cannot be had from any digest that somebody publishes of the same content."""


class Unreadable(Exception):
    """The evidence itself cannot be read at all: it is not there, may not be opened, or is neither a file nor a directory."""


class _Both:
    """The two digests, fed together."""

    def __init__(self) -> None:
        self.shown, self.key, self.size = sha256(), blake2b(digest_size=32, person=_PERSON), 0

    def frame(self, *parts: bytes) -> None:
        """Parts with their lengths, so that no name can pass for content."""
        for part in parts:
            framed = len(part).to_bytes(8, "big") + part
            self.shown.update(framed)
            self.key.update(framed)

    def content(self, handle: int) -> None:
        """All bytes of an open file."""
        while block := os.read(handle, _BLOCK):
            self.shown.update(block)
            self.key.update(block)
            self.size += len(block)


def hash_evidence(path: Path) -> tuple[str, bytes, int]:
    """SHA-256 in hex, the key for :class:`asepsis.guard.redact.Redactor` (32 bytes) and the number of bytes of a file or a directory.

    A file's SHA-256 is the ordinary one. A directory's covers the sorted relative names with their kind, the bytes of files and the targets of
    links, never modes or times, so that a copy has the same. What cannot be read in it enters as such. Raises ``Unreadable``.
    """
    both = _Both()
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            _file(both, path, follow=True)
        elif stat.S_ISDIR(mode):
            for name, kind in _names(path):
                _entry(both, path, name, kind)
        else:
            raise Unreadable(f"{path}: neither a file nor a directory")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error
    return both.shown.hexdigest(), both.key.digest(), both.size


def _names(root: Path) -> Iterator[tuple[bytes, bytes]]:
    """Every name under ``root``, sorted by its bytes, with its kind: directory, file, link, other or barred (a directory that may not be read)."""
    base, found = os.fsencode(root), []
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(os.path.join(base, folder)))
        except OSError:
            if not folder:
                raise
            found.append((folder, b"barred"))
            continue
        for entry in entries:
            name = os.path.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(name)
            found.append((name, _kind(entry)))
    yield from sorted(found)


def _kind(entry: os.DirEntry[bytes]) -> bytes:
    if entry.is_symlink():
        return b"link"
    if entry.is_dir(follow_symlinks=False):
        return b"directory"
    return b"file" if entry.is_file(follow_symlinks=False) else b"other"


def _entry(both: _Both, root: Path, name: bytes, kind: bytes) -> None:
    path = Path(os.fsdecode(os.path.join(os.fsencode(root), name)))
    both.frame(name, kind, _target(path) if kind == b"link" else b"")
    if kind == b"file":
        before = both.size
        try:
            _file(both, path, follow=False)
        except OSError as error:
            both.frame(b"unreadable", str(error.errno).encode())
        both.frame((both.size - before).to_bytes(8, "big"))


def _target(path: Path) -> bytes:
    try:
        return os.fsencode(os.readlink(path))
    except OSError:
        return b"unreadable"


def _file(both: _Both, path: Path, *, follow: bool) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    try:
        both.content(handle)
    finally:
        os.close(handle)
