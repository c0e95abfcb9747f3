"""List and read the entries of tar, zip and cpio archives, all of them, whatever they are called and wherever they want to go.

The usual readers give up at the first entry they do not like (``tarfile``'s filters, libarchive) or drop it silently (cpio readers with a wrong
checksum or a name that is no UTF-8). Here an entry that cannot be read is a :class:`Trouble`, and the next one follows.
"""

from __future__ import annotations

import lzma
import mmap
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause

MemberKind = Literal["file", "directory", "link", "hardlink", "device", "other"]
_BLOCK = 1 << 20
_LONGEST_TARGET = 4096
_TRAILER = b"TRAILER!!!"
_ENCRYPTED = 1
_MODES = frozenset({0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK})
"""Types of a cpio entry; 0 is the trailer's, and some writers' for a file."""


@dataclass(frozen=True, slots=True)
class Member:
    """An entry: its ``name`` as written, ``target`` of a link, ``content`` in blocks of a file."""

    name: str
    kind: MemberKind
    size: int = 0
    executable: bool = False
    target: str = ""
    content: Callable[[], Iterator[bytes]] = lambda: iter(())


Entry = Member | Trouble


def tar_members(path: Path) -> Iterator[Entry]:
    """Entries of a tar archive. Bad header blocks are skipped, as ``ignore_zeros`` does, so that they hide nothing behind them."""
    with tarfile.open(path, "r:", errorlevel=0, ignore_zeros=True, encoding="utf-8", errors="surrogateescape") as archive:
        while True:
            try:
                info = archive.next()
            except (tarfile.TarError, ValueError, OSError, struct.error) as error:
                yield Trouble(Cause.BROKEN_INPUT, f"the archive breaks off: {type(error).__name__}")
                return
            if info is None:
                return
            archive.members = []  # type: ignore[attr-defined]  # it keeps every header: a million empty entries are half a gigabyte
            yield _tar_member(archive, info)


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    executable = bool(info.mode & 0o111)
    if info.isreg():
        return Member(info.name, "file", info.size, executable, content=lambda: _blocks(archive, info))
    if info.isdir():
        return Member(info.name, "directory")
    if info.issym():
        return Member(info.name, "link", target=info.linkname)
    if info.islnk():
        return Member(info.name, "hardlink", target=info.linkname)
    return Member(info.name, "device" if info.ischr() or info.isblk() else "other")


def _blocks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    """The bytes of one tar entry; a cut archive raises ``tarfile.ReadError``."""
    reader = archive.extractfile(info)
    while reader is not None and (block := reader.read(_BLOCK)):
        yield block


def zip_members(path: Path) -> Iterator[Entry]:
    """Entries of a zip archive by its central directory. Raises ``zipfile.BadZipFile`` if there is none to read."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            yield _zip_member(archive, info)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    mode = info.external_attr >> 16
    if info.is_dir():
        return Member(info.filename, "directory")
    if info.flag_bits & _ENCRYPTED:
        return Trouble(Cause.NOT_PERMITTED, "is encrypted and there is no password", info.filename)

    def content() -> Iterator[bytes]:
        with archive.open(info) as reader:
            while block := reader.read(_BLOCK):
                yield block

    if stat.S_ISLNK(mode) and info.file_size <= _LONGEST_TARGET:
        try:
            target = b"".join(content())[:_LONGEST_TARGET]
        except (*BROKEN, NotImplementedError):
            return Trouble(Cause.BROKEN_INPUT, "is a link that cannot be read", info.filename)
        return Member(info.filename, "link", target=os.fsdecode(target))
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return Member(info.filename, "device")
    return Member(info.filename, "file", info.file_size, bool(mode & 0o111), content=content)


BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, struct.error, RuntimeError)
"""What reading a broken entry raises, besides ``OSError``. ``NotImplementedError`` (a zip method Python lacks) is a ``RuntimeError``."""


@dataclass(frozen=True, slots=True)
class CpioEntry:
    """One cpio entry; ``start`` is where its content begins. ``checksum`` only in the crc format."""

    name: bytes
    inode: tuple[int, int, int]
    mode: int
    links: int
    start: int
    size: int
    checksum: int | None

    @property
    def end(self) -> int:
        """Where its content ends."""
        return self.start + self.size


def cpio_entries(data: bytes | mmap.mmap, start: int = 0) -> Iterator[CpioEntry]:
    """Entries of a cpio archive in the newc, crc, odc or old binary format, the trailer last. Raises ``ValueError`` where it stops making sense."""
    offset = start
    while True:
        head = bytes(data[offset : offset + 110])
        entry, offset = _cpio_entry(data, head, offset)
        yield entry
        if entry.name == _TRAILER:
            return


def _cpio_entry(data: bytes | mmap.mmap, head: bytes, offset: int) -> tuple[CpioEntry, int]:
    if head[:6] in (b"070701", b"070702") and len(head) == 110:  # noqa: PLR2004 - the header's size
        numbers = [_number(head[at : at + 8], 16) for at in range(6, 110, 8)]
        inode, mode, links, size, name_size, total = (numbers[at] for at in (0, 1, 4, 6, 11, 12))
        device, length, step = (numbers[7], numbers[8]), 110, 4
        checksum = total if head[:6] == b"070702" else None
    elif head[:6] == b"070707" and len(head) >= 76:  # noqa: PLR2004
        fields = [head[6:12], head[12:18], head[18:24], head[36:42], head[59:65], head[65:76]]
        dev, inode, mode, links, name_size, size = (_number(field, 8) for field in fields)
        device, length, step, checksum = (dev, 0), 76, 1, None
    elif head[:2] in (b"\xc7\x71", b"\x71\xc7") and len(head) >= 26:  # noqa: PLR2004
        words = struct.unpack(("<" if head[:1] == b"\xc7" else ">") + "13H", head[:26])
        dev, inode, mode, links, name_size = words[1], words[2], words[3], words[6], words[10]
        size = words[11] << 16 | words[12]
        device, length, step, checksum = (dev, 0), 26, 2, None
    else:
        raise ValueError("no cpio header")
    name = bytes(data[offset + length : offset + length + name_size])
    if not 0 < name_size <= _LONGEST_TARGET or not name.endswith(b"\0"):
        raise ValueError("no cpio name")
    if stat.S_IFMT(mode) not in _MODES or mode >> 16:
        raise ValueError("no cpio mode")
    content = _round_up(length + name_size, step) + offset
    end = content + size
    if end > len(data):
        raise ValueError("cut short")
    entry = CpioEntry(name.split(b"\0", 1)[0], (*device, inode), mode, links, content, size, checksum)
    # Only newc, crc and binary pad the content, each to its own step, counted from the entry's start.
    return entry, offset + _round_up(end - offset, step)


def _number(field: bytes, base: int) -> int:
    if not field.isalnum():
        raise ValueError("no number")
    return int(field, base)


def _round_up(number: int, step: int) -> int:
    return -(-number // step) * step


def cpio_members(path: Path) -> Iterator[Entry]:
    """Entries of a cpio archive; of hard links in newc only one carries the content, the others point at it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        entries, broken = [], True
        try:
            for entry in cpio_entries(data):
                entries.append(entry)  # noqa: PERF402 - those before the break are wanted too
            broken = False
        except ValueError:
            pass
        carriers = {entry.inode: entry for entry in entries if entry.links > 1 and entry.size}
        for entry in entries:
            yield from _cpio_member(data, entry, carriers)
        if broken:
            yield Trouble(Cause.BROKEN_INPUT, "the archive breaks off before its end mark")


def _cpio_member(data: mmap.mmap, entry: CpioEntry, carriers: dict[tuple[int, int, int], CpioEntry]) -> Iterator[Entry]:
    name, kind = os.fsdecode(entry.name), stat.S_IFMT(entry.mode)
    if entry.name in (_TRAILER, b"", b"."):
        return
    if entry.checksum is not None and stat.S_ISREG(entry.mode) and sum(map(sum, _slices(data, entry))) & 0xFFFF_FFFF != entry.checksum:
        yield Trouble(Cause.BROKEN_INPUT, "does not have the checksum the archive gives it; it was read all the same", name)
    carrier = carriers.get(entry.inode, entry)
    if kind == stat.S_IFDIR:
        yield Member(name, "directory")
    elif kind == stat.S_IFLNK:
        yield Member(name, "link", target=os.fsdecode(data[entry.start : min(entry.end, entry.start + _LONGEST_TARGET)]))
    elif kind in (stat.S_IFREG, 0) and carrier is not entry and entry.size == 0:
        yield Member(name, "hardlink", target=os.fsdecode(carrier.name))
    elif kind in (stat.S_IFREG, 0):
        yield Member(name, "file", entry.size, bool(entry.mode & 0o111), content=lambda: _slices(data, entry))
    else:
        yield Member(name, "device" if kind in (stat.S_IFCHR, stat.S_IFBLK) else "other")


def _slices(data: mmap.mmap, entry: CpioEntry) -> Iterator[bytes]:
    for start in range(entry.start, entry.end, _BLOCK):
        yield data[start : min(entry.end, start + _BLOCK)]


MEMBERS: dict[str, Callable[[Path], Iterator[Entry]]] = {"tar": tar_members, "zip": zip_members, "cpio": cpio_members}
"""By kind of archive."""
