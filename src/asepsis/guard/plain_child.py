"""Unpack with what Python and squashfs-tools can, where unblob is not installed; inside the bounded child process.

Request and answers are those of :mod:`asepsis.guard.unblob_child`. Opened are tar, zip, cpio, gzip, bzip2, xz and lzma streams that fill a file,
flash images encoded in records (:mod:`asepsis.guard.encoded`), and squashfs images anywhere in a file. Everything else stays shut; the parent says
so.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import mmap
import os
import shutil
import zipfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from asepsis.guard import encoded, formats, squashfs, trouble
from asepsis.guard.archive_tricks import Writer
from asepsis.guard.members import BROKEN, MEMBERS
from asepsis.guard.opened import PADDING, UNKNOWN, Opened, Piece, to_message
from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause

_BLOCK = 1 << 20
_PAD = 4096
_STREAMS: dict[str, Callable[[Path], IO[bytes]]] = {
    "gzip": lambda path: cast(IO[bytes], gzip.open(path, "rb")),  # noqa: SIM115 - the caller closes it
    "bzip2": lambda path: bz2.open(path, "rb"),  # noqa: SIM115 - the caller closes it
    "xz": lambda path: lzma.open(path, "rb"),  # noqa: SIM115 - the caller closes it
}


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """Unpack each job; see the module's text."""
    asked = json.loads(request)
    for number, (path, folder) in enumerate(asked["jobs"]):
        source = Path(path)
        waiting = deque([(source, Path(folder, source.name + asked["suffix"]), 0)])
        while waiting:
            file, out, depth = waiting.popleft()
            opened = _open(file, out, "" if file == source else os.path.relpath(file, folder), deep=depth >= asked["depth"])
            if opened is None:
                continue
            send(trouble.encode({"job": number, **to_message(opened)}))
            waiting.extend(_children(out, asked["suffix"], depth + 1))


def _children(out: Path, suffix: str, depth: int) -> list[tuple[Path, Path, int]]:
    """The regular files that came out, each with the directory for what may come out of it."""
    found = []
    for folder, folders, names in os.walk(out):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink() and not name.endswith((f".{UNKNOWN}", f".{PADDING}")):
                found.append((path, path.with_name(name + suffix), depth))
    return found


def _open(file: Path, out: Path, path: str, *, deep: bool) -> Opened | None:
    size = file.stat().st_size
    head = formats.head_of(file)
    kind = formats.container(head)
    if deep:
        return Opened(path, size, deep=kind.name) if kind else None
    opener = _opener(kind.name) if kind else None
    if kind and opener:
        out.mkdir(mode=0o700)
        troubles = opener(kind.name, file, out)
        if not any(out.iterdir()):
            out.rmdir()
        return Opened(path, size, (Piece(kind.name, 0, size, tuple(troubles)),))
    return _images(file, out, path, size) or (Opened(path, size) if path == "" else None)


def _opener(kind: str) -> Callable[[str, Path, Path], list[Trouble]] | None:
    """What opens this kind, or None."""
    if kind in encoded.READERS:
        return encoded.open_image
    return _archive if kind in MEMBERS else _stream if kind in _STREAMS else None


def _archive(kind: str, file: Path, out: Path) -> list[Trouble]:
    writer = Writer(out)
    try:
        writer.write(MEMBERS[kind](file))
    except zipfile.BadZipFile:
        writer.troubles.append(Trouble(Cause.BROKEN_INPUT, "the archive has no list of its entries: cut short or broken", shut=True))
    except BROKEN as error:
        writer.troubles.append(Trouble(Cause.BROKEN_INPUT, f"the archive cannot be read: {type(error).__name__}"))
    return writer.troubles


def _stream(kind: str, file: Path, out: Path) -> list[Trouble]:
    try:
        with _STREAMS[kind](file) as reader, (out / f"{kind}.uncompressed").open("wb") as target:
            shutil.copyfileobj(reader, target, _BLOCK)
    except (*BROKEN, OSError) as error:
        return [trouble.diagnose("the stream reader", str(error))]
    return []


def _images(file: Path, out: Path, path: str, size: int) -> Opened | None:
    """Squashfs images anywhere in the file, cut out as unblob cuts them."""
    pieces: list[Piece] = []
    with file.open("rb") as handle:
        if size == 0:
            return None
        with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = data.find(b"hsqs")
            while at >= 0:
                block = squashfs.superblock(data[at : at + 96])
                end = _image_end(data, at, block.bytes_used) if block else 0
                if at < end <= size:
                    pieces.append(Piece("squashfs_v4_le", at, end))
                at = data.find(b"hsqs", max(end, at + 4))
            if not pieces:
                return None
            out.mkdir(mode=0o700)
            whole = pieces[0].start == 0 and pieces[0].end == size
            gaps = _gaps(pieces, size)
            for start, end in gaps:
                _carve(data, start, end, out / f"{start}-{end}.{UNKNOWN}")
    return Opened(path, size, tuple(_open_image(file, out, piece, whole=whole) for piece in pieces), tuple(gaps), carved=not whole)


def _image_end(data: mmap.mmap, start: int, used: int) -> int:
    """The end of an image with the zeros that fill its last block."""
    end = start + used
    padded = start + -(-used // _PAD) * _PAD
    return padded if padded <= len(data) and not any(data[end:padded]) else end


def _gaps(pieces: list[Piece], size: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for piece in pieces for edge in (piece.start, piece.end)), size]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _carve(data: mmap.mmap, start: int, end: int, target: Path) -> None:
    with target.open("wb") as out:
        for at in range(start, end, _BLOCK):
            out.write(data[at : min(end, at + _BLOCK)])


def _open_image(file: Path, out: Path, piece: Piece, *, whole: bool) -> Piece:
    folder = out if whole else out / (f"{piece.start}-{piece.end}.{piece.handler}" + out.name.removeprefix(file.name))
    folder.mkdir(mode=0o700, exist_ok=True)
    troubles = squashfs.open_image(file, folder, offset=piece.start)
    if not any(folder.iterdir()):
        folder.rmdir()
    return Piece(piece.handler, piece.start, piece.end, tuple(troubles))
