"""Open squashfs images: with ``sasquatch`` where it is installed, since it knows vendors' variants, else with ``unsquashfs``.

``unsquashfs`` (squashfs-tools 4.5) reads versions 1 to 4 with gzip, lzo, lz4, lzma, xz and zstd. Images with a vendor's magic number, and old ones
with lzma patched in, need sasquatch. Known ways the format lies: ``bytes_used`` beyond the file (a cut image has no tables and nothing comes out);
device nodes, which nobody makes here; and files of a size that only a sparse file can have.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from asepsis.guard.limits import MIB
from asepsis.guard.trouble import Trouble, diagnose
from asepsis.model.evidence import Cause

_SUPERBLOCK = struct.Struct("<4s4I6H")
_SUPERBLOCK_BYTES = 96
_STANDARD_MAGICS = (b"hsqs", b"sqsh")
_EXPECTED = re.compile(
    r"superuser|could not create character device|could not create block device|failed to create (?:character|block) device"
    r"|Operation not permitted|xattr|failed to change uid|lchown|set_attributes|create_inode: failed to create (?:char|block|fifo|sock)"
)
"""Lines about device nodes, owners and extended attributes: nothing that a study reads is lost by them."""


@dataclass(frozen=True, slots=True)
class Superblock:
    """The start of a version 4 image: sizes in bytes."""

    version: int
    bytes_used: int


def superblock(data: bytes) -> Superblock | None:
    """The little-endian version 4 superblock at the start of ``data``, or None if these 96 bytes are none."""
    if len(data) < _SUPERBLOCK_BYTES or not data.startswith(b"hsqs"):
        return None
    fields = _SUPERBLOCK.unpack_from(data)
    block_size, compression, block_log, major = fields[3], fields[5], fields[6], fields[9]
    used = int.from_bytes(data[40:48], "little")
    if major != 4 or block_size != 1 << block_log or not 1 <= compression <= 6 or used < _SUPERBLOCK_BYTES:  # noqa: PLR2004
        return None
    return Superblock(major, used)


def open_image(image: Path, folder: Path, *, big_endian_4: bool = False, offset: int = 0) -> list[Trouble]:
    """Write the files of ``image`` under ``folder``, which exists. What could not be read comes back as troubles; an empty list is full success."""
    vendor = shutil.which("sasquatch-v4be" if big_endian_4 else "sasquatch")
    if vendor and not offset:
        return _judge("sasquatch", _run([vendor, "-no-exit-code", "-f", "-d", str(folder), str(image)]), folder)
    standard = shutil.which("unsquashfs")
    if standard is None:
        return [Trouble(Cause.MISSING_TOOL, "", program="unsquashfs", shut=True)]
    command = [standard, "-quiet", "-no-progress", "-no-xattrs", "-ignore-errors", "-force", "-data-queue", "64", "-frag-queue", "64"]
    command += ["-offset", str(offset), "-dest", str(folder), str(image)]
    troubles = _judge("unsquashfs", _run(command), folder)
    if troubles and troubles[0].cause is Cause.BROKEN_INPUT and _needs_sasquatch(image, offset):
        empty = not any(folder.iterdir())
        absent = Trouble(Cause.MISSING_TOOL, "", program="sasquatch-v4be" if big_endian_4 else "sasquatch", shut=empty)
        return [absent] if empty else [*troubles, absent]
    return troubles


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    # Signals stay as Python has them: with SIGXFSZ ignored, a file that grows too large is one error and the next file follows.
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, restore_signals=False)  # noqa: S603 - a fixed program; paths are ours


def _judge(program: str, ended: subprocess.CompletedProcess[bytes], folder: Path) -> list[Trouble]:
    text = (ended.stderr + ended.stdout)[-65536:].decode("utf-8", "replace")
    lines = [line for line in ended.stderr.decode("utf-8", "replace").splitlines() if line.strip() and not _EXPECTED.search(line)]
    empty = not any(folder.iterdir())
    if ended.returncode == 0 and not (empty and lines):
        return []
    if ended.returncode == 2 and not lines:  # noqa: PLR2004 - unsquashfs: non-fatal errors only
        return []
    if "failed to write" in text:  # it does not say why; the disk does
        full = shutil.disk_usage(folder).free < MIB
        text = "No space left on device" if full else "File too large"
    found = diagnose(program, text, ended.returncode)
    return [Trouble(found.cause, found.what, shut=empty)]


def _needs_sasquatch(image: Path, offset: int) -> bool:
    """Whether the image is of a kind that ``unsquashfs`` does not claim to know: a vendor's magic, or an old version."""
    with image.open("rb") as file:
        file.seek(offset)
        head = file.read(_SUPERBLOCK_BYTES)
    return not head.startswith(_STANDARD_MAGICS) or superblock(head) is None
