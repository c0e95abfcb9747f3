"""What a file begins with: containers that should open, formats that need no opening, and bytes that nobody can read.

Only a file's first bytes and one sample from its middle are looked at. Values are the formats' own magic numbers as their specifications and
the ``file`` program's database give them.
"""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH122

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asepsis.guard import encoded

HEAD_BYTES = 4096
_SAMPLE_BYTES = 4096
_BLOCK_BYTES = 1 << 20
_MOST_SCANNED_BYTES = 1 << 30
_END_MARK = b"\xde\xad\xc0\xde"
_OPAQUE_BITS = 7.8
"""Shannon entropy in bits a byte above which a sample is compressed or encrypted: 4 KiB of random bytes have 7.95, machine code about 6."""


@dataclass(frozen=True, slots=True)
class Start:
    """A magic number: ``magic`` stands at ``offset`` of files of this ``name``. ``opens`` says whether unpacking has a reader for it."""

    name: str
    offset: int
    magic: bytes
    opens: bool = True


CONTAINERS: tuple[Start, ...] = (
    *(Start("squashfs", 0, magic) for magic in (b"hsqs", b"sqsh", b"shsq", b"qshs", b"sqlz", b"tqsh", b"hsqt")),
    Start("cramfs", 0, b"\x45\x3d\xcd\x28"),
    Start("cramfs", 0, b"\x28\xcd\x3d\x45"),
    *(Start("jffs2", 0, b"\x85\x19" + node + b"\xe0") for node in (b"\x01", b"\x02")),
    *(Start("jffs2", 0, b"\x85\x19" + node + b"\x20") for node in (b"\x03", b"\x04", b"\x06")),
    *(Start("jffs2", 0, b"\x19\x85\xe0" + node) for node in (b"\x01", b"\x02")),
    Start("ubi", 0, b"UBI#"),
    Start("ubifs", 0, b"\x31\x18\x10\x06"),
    Start("romfs", 0, b"-rom1fs-"),
    *(Start("cpio", 0, magic) for magic in (b"070701", b"070702", b"070707")),
    Start("tar", 257, b"ustar"),
    Start("zip", 0, b"PK\x03\x04"),
    Start("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    Start("rar", 0, b"Rar!\x1a\x07"),
    Start("cab", 0, b"MSCF\0\0\0\0"),
    Start("ar", 0, b"!<arch>\n"),
    Start("rpm", 0, b"\xed\xab\xee\xdb"),
    Start("gzip", 0, b"\x1f\x8b\x08"),
    Start("bzip2", 0, b"BZh"),
    Start("xz", 0, b"\xfd7zXZ\0"),
    Start("zstd", 0, b"\x28\xb5\x2f\xfd"),
    Start("lz4", 0, b"\x04\x22\x4d\x18"),
    Start("lzop", 0, b"\x89LZO\0\r\n\x1a\n"),
    Start("lzip", 0, b"LZIP\x01"),
    Start("ext", 0x438, b"\x53\xef"),
    Start("erofs", 0x400, b"\xe2\xe1\xf5\xe0"),
    Start("android-sparse", 0, b"\x3a\xff\x26\xed"),
    Start("trx", 0, b"HDR0"),
    Start("vhd", 0, b"conectix", opens=False),
    Start("vmdk", 0, b"KDMV", opens=False),
    Start("qcow2", 0, b"QFI\xfb", opens=False),
    Start("wim", 0, b"MSWIM\0", opens=False),
    Start("luks", 0, b"LUKS\xba\xbe", opens=False),
    Start("ntfs", 3, b"NTFS    "),
)

KNOWN: tuple[Start, ...] = (
    Start("elf", 0, b"\x7fELF"),
    Start("pe", 0, b"MZ"),
    Start("java class", 0, b"\xca\xfe\xba\xbe"),
    Start("android executable", 0, b"dex\n"),
    Start("png", 0, b"\x89PNG"),
    Start("jpeg", 0, b"\xff\xd8\xff"),
    Start("gif", 0, b"GIF8"),
    Start("bmp", 0, b"BM"),
    Start("pdf", 0, b"%PDF"),
    Start("riff", 0, b"RIFF"),
    Start("ogg", 0, b"OggS"),
    Start("mp3", 0, b"ID3"),
    Start("mp4", 4, b"ftyp"),
    Start("flac", 0, b"fLaC"),
    Start("woff", 0, b"wOF"),
    Start("truetype", 0, b"\0\x01\0\0\0"),
    Start("sqlite", 0, b"SQLite format 3\0"),
    Start("device tree", 0, b"\xd0\x0d\xfe\xed"),
    Start("der", 0, b"\x30\x82"),
    Start("pcap", 0, b"\xd4\xc3\xb2\xa1"),
    Start("terminfo", 0, b"\x1a\x01"),
    Start("message catalogue", 0, b"\xde\x12\x04\x95"),
    Start("time zone", 0, b"TZif"),
)

_AtOffsets = tuple[tuple[int, tuple[bytes, ...]], ...]


def _by_offset(starts: tuple[Start, ...]) -> _AtOffsets:
    return tuple((offset, tuple(start.magic for start in starts if start.offset == offset)) for offset in sorted({start.offset for start in starts}))


_KNOWN_AT, _CONTAINERS_AT = _by_offset(KNOWN), _by_offset(CONTAINERS)
"""The same, by offset: asked all at once, because hardly any file is one of them."""

_EXTENSIONS = frozenset(
    f".{name}"
    for group in (
        ("7z", "arj", "bz2", "cab", "cpio", "deb", "gz", "ipk", "lz4", "lzma", "lzo", "rar", "rpm", "xz", "zip", "zst"),
        ("tar", "tbz", "tbz2", "tgz", "txz"),
        ("cramfs", "ext2", "ext3", "ext4", "iso", "jffs2", "sqfs", "squashfs", "ubi", "ubifs", "vhd"),
        ("chk", "fw", "img", "rom", "swu", "trx", "upd", "upg"),
    )
    for name in group
)
_RAW_EXTENSIONS = frozenset({".bin", ".dat", ".hex"})
_RAW_LEAST_BYTES = 64 * 1024
_ENCODED_LINES = re.compile(rb"\A(?::[0-9A-Fa-f]{10,}\r?\n|S0[0-9A-Fa-f]{6,}\r?\n)")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


SPEAKING_HEADS = (b"ClamAV-VDB:",)
"""Heads that say something of their own in front of a container (the day of virus definitions): such a file is looked at besides its members."""


def speaks_itself(head: bytes) -> bool:
    """Whether a container's own head says something that its members do not."""
    return head.startswith(SPEAKING_HEADS)


def _is_known(head: bytes) -> bool:
    """Whether a file begins like one of a format that needs no opening."""
    return _has(head, _KNOWN_AT)


def _has(head: bytes, starts: _AtOffsets) -> bool:
    return any(head.startswith(magics, offset) for offset, magics in starts)


def _begins(head: bytes) -> Start | None:
    if not _has(head, _CONTAINERS_AT):
        return None
    return next(start for start in CONTAINERS if head.startswith(start.magic, start.offset))


def container(head: bytes) -> Start | None:
    """The container that a file with this head (its first 4,096 bytes) says it is. Images encoded in records count as containers of their bytes."""
    kind = encoded.recognise(head)
    if kind:
        return Start(kind, 0, head[:1])
    if _is_text(head) and not head.startswith(b"0707"):
        return None
    found = _begins(head)
    if found is None or (found.name == "ext" and not _is_ext(head)) or (found.name == "bzip2" and head[4:10] != b"1AY&SY"):
        return None
    return found


def _is_ext(head: bytes) -> bool:
    """Two magic bytes are too few: the superblock's block size, state and error handling must make sense too."""
    block_log, state, errors = head[0x418:0x41C], head[0x43A:0x43C], head[0x43C:0x43E]
    return int.from_bytes(block_log, "little") <= 6 and int.from_bytes(state, "little") <= 7 and 1 <= int.from_bytes(errors, "little") <= 3  # noqa: PLR2004


def is_candidate(name: str, size: int, head: bytes) -> bool:
    """Whether a file of a directory is worth opening: a container's magic number, or its extension; raw ``.bin`` and ``.dat`` from 64 KiB on.

    Cheap on purpose: a tree of 20,000 files costs one short read each. A container hidden in the middle of a file without such a name is missed.
    """
    if size == 0 or _is_known(head):
        return False
    if encoded.recognise(head):
        return True
    extension = os.path.splitext(name)[1].lower()
    if extension in _RAW_EXTENSIONS:
        return size >= _RAW_LEAST_BYTES and not _is_text(head)
    return bool(container(head)) or (extension in _EXTENSIONS and not _is_text(head))


def understood(path: Path, size: int, head: bytes) -> bool:
    """Whether a file that nothing came out of is understood all the same: text to its end, or a known format.

    Not understood are an empty file, encoded images (Intel HEX, S-record) even if their first line is broken, containers, and everything else.
    Raises ``OSError``.
    """
    if size == 0 or _ENCODED_LINES.match(head) or container(head):
        return False
    return _is_known(head) or (_is_text(head) and is_text(path))


def is_opaque(path: Path, size: int, head: bytes) -> bool:
    """Whether a file reads as compressed or encrypted and is of no known format: nobody can say what is in it. Raises ``OSError``."""
    if _is_known(head) or _is_text(head):
        return False
    return bool(container(head)) or entropy(_read(path, max(0, size // 2 - _SAMPLE_BYTES // 2), _SAMPLE_BYTES)) > _OPAQUE_BITS


def is_text(path: Path) -> bool:
    """Whether a file of at most 1 GiB holds no control character but line ends, tabs and escapes. Raises ``OSError``."""
    return path.lstat().st_size <= _MOST_SCANNED_BYTES and all(not _BINARY.search(block) for block in _blocks(path))


def is_padding(path: Path) -> bool:
    """Whether a file of at most 1 GiB is one byte over and over; OpenWrt's end mark ``DE AD C0 DE`` may close it. Raises ``OSError``."""
    size, seen = path.lstat().st_size, b""
    if size > _MOST_SCANNED_BYTES:
        return False
    for offset, block in enumerate(_blocks(path)):
        rest = block[:-4] if offset == (size - 1) // _BLOCK_BYTES and block.endswith(_END_MARK) else block
        seen = seen or rest[:1]
        if rest.strip(seen):
            return False
    return size > 0


def entropy(sample: bytes) -> float:
    """Shannon entropy in bits a byte."""
    total = len(sample)
    return -sum(count / total * math.log2(count / total) for count in Counter(sample).values()) if total else 0.0


def head_of(path: Path, length: int = HEAD_BYTES) -> bytes:
    """The first bytes of a regular file; never follows a link, never waits. Raises ``OSError``."""
    return _read(path, 0, length)


def _blocks(path: Path) -> Iterator[bytes]:
    handle = _open(path)
    try:
        while block := os.read(handle, _BLOCK_BYTES):
            yield block
    finally:
        os.close(handle)


def _read(path: Path, offset: int, length: int) -> bytes:
    handle = _open(path)
    try:
        return os.pread(handle, length, offset)
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)


def _is_text(head: bytes) -> bool:
    return bool(head) and not _BINARY.search(head)
