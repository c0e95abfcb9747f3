"""Name evidence by its content: one pass for the digest that is printed and for the key that is not.

The key is SHA-256 of the same bytes with a suffix. Whoever knows the printed digest cannot go on from it to the key: the digest has swallowed its
padding, which the suffix does not begin with (so it is no length extension), and the state before that padding is not known.
"""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH115, PTH118

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from asepsis.guard import formats

_BLOCK = 1 << 20
_BATCH = 64
"""Files that a thread hashes at a time: handing over one costs as much as hashing a small one."""
_SUFFIX = b"asepsis redact 2"


class Unreadable(Exception):
    """The evidence itself cannot be read at all: it is not there, may not be opened, or is neither a file nor a directory."""


class Member(NamedTuple):
    """What is known of a file of a directory once it was read: its ``sha256`` in hex, its ``size`` in bytes, and whether it is a ``container``."""

    sha256: str
    size: int
    container: bool


class Named(NamedTuple):
    """What evidence is called after: ``sha256`` in hex, the ``key`` for :class:`asepsis.guard.redact.Redactor` (32 bytes), its ``size`` in bytes.

    ``files`` tells of each file of a directory, by its relative path.
    """

    sha256: str
    key: bytes
    size: int
    files: dict[str, Member]


class _One(NamedTuple):
    """One file: the digest and the key's part, or the number of the error that kept it shut."""

    shown: bytes = b""
    key: bytes = b""
    size: int = 0
    errno: int = 0
    container: bool = False


def hash_evidence(path: Path) -> Named:
    """Digest, key and size of a file or a directory.

    A file's SHA-256 is the ordinary one. A directory's covers the sorted relative names with their kind, the SHA-256 of each file and the targets
    of links, never modes or times, so that a copy has the same. What cannot be read in it enters as such. Raises ``Unreadable``.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            one = _file(os.fsencode(path), memoryview(bytearray(_BLOCK)), follow=True)
            return Named(one.shown.hex(), one.key, one.size, {})
        if stat.S_ISDIR(mode):
            return _directory(path)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error
    raise Unreadable(f"{path}: neither a file nor a directory")


def _directory(root: Path) -> Named:
    base, names = os.fsencode(root), list(_names(root))
    shown, key, size, files = sha256(), sha256(), 0, dict[str, Member]()
    paths = [base + b"/" + name for name, kind in names if kind == b"file"]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:  # hashing leaves the interpreter's lock alone
        batches = (paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH))
        ones = chain.from_iterable(pool.map(_looked_at, batches))
        for name, kind in names:
            one = next(ones) if kind == b"file" else _One()
            target = _target(os.path.join(base, name)) if kind == b"link" else b""
            before, after = _framed(name, kind, target), _framed(one.errno.to_bytes(4, "big"))
            shown.update(before + _framed(one.shown) + after)
            key.update(before + _framed(one.key) + after)
            size += one.size
            if one.shown:
                files[os.fsdecode(name)] = Member(one.shown.hex(), one.size, one.container)
    key.update(_SUFFIX)
    return Named(shown.hexdigest(), key.digest(), size, files)


def _framed(*fields: bytes) -> bytes:
    """Each with its length in front, so that no name can pass for content."""
    return b"".join([len(field).to_bytes(8, "big") + field for field in fields])


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
            name = folder + b"/" + entry.name if folder else entry.name
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


def _target(path: bytes) -> bytes:
    try:
        return os.readlink(path)
    except OSError:
        return b"unreadable"


def _looked_at(paths: Sequence[bytes]) -> list[_One]:
    room = memoryview(bytearray(_BLOCK))
    return [_one(path, room) for path in paths]


def _one(path: bytes, room: memoryview) -> _One:
    try:
        return _file(path, room, follow=False)
    except OSError as error:
        return _One(errno=error.errno or 1)


def _file(path: bytes, room: memoryview, *, follow: bool) -> _One:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    try:
        digest, size, head = sha256(), 0, b""
        while length := os.readv(handle, [room]):
            head = head or bytes(room[: min(length, formats.HEAD_BYTES)])
            digest.update(room[:length])
            size += length
    finally:
        os.close(handle)
    key = digest.copy()
    key.update(_SUFFIX)
    return _One(digest.digest(), key.digest(), size, 0, formats.is_candidate(os.fsdecode(path), size, head))
