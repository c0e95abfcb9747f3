"""The system programs that unpacking uses, where Debian keeps them, and what stays shut without each."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tool:
    """A program, the Debian package that holds it (empty: no package of Debian's has it), and what it opens."""

    program: str
    package: str
    opens: str
    optional: bool = False


TOOLS: tuple[Tool, ...] = (
    Tool("unsquashfs", "squashfs-tools", "squashfs images"),
    Tool("sasquatch", "", "squashfs images in vendors' own variants", optional=True),
    Tool("sasquatch-v4be", "", "big-endian squashfs 4 images", optional=True),
    Tool("7z", "7zip", "gzip, bzip2, xz, lzma, 7z, cab, arj, iso9660, fat, ntfs and cramfs"),
    Tool("debugfs", "e2fsprogs", "ext2, ext3 and ext4 images"),
    Tool("fsck.erofs", "erofs-utils", "erofs images"),
    Tool("lz4", "lz4", "lz4 streams"),
    Tool("lziprecover", "lziprecover", "lzip streams"),
    Tool("lzop", "lzop", "lzo streams"),
    Tool("zstd", "zstd", "zstandard streams"),
    Tool("unar", "unar", "rar, arc and stuffit archives"),
    Tool("simg2img", "android-sdk-libsparse-utils", "android sparse images"),
    Tool("partclone.restore", "partclone", "partclone images", optional=True),
    Tool("upx", "upx-ucl", "programs packed with upx", optional=True),
    Tool("jefferson", "", "jffs2 images (comes with the extract extra)"),
    Tool("ubireader_extract_files", "", "ubi and ubifs images (comes with the extract extra)"),
)

_BY_PROGRAM = {tool.program: tool for tool in TOOLS}


def search_path() -> str:
    """Where unpacking looks for programs: PATH, beside this Python, and the administrator's directories (debugfs lives there)."""
    paths = [*os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin").split(":"), str(Path(sys.executable).parent), "/usr/sbin", "/sbin"]
    return ":".join(dict.fromkeys(path for path in paths if path))


def missing() -> tuple[Tool, ...]:
    """The programs of :data:`TOOLS` that are not installed, in the order of the table."""
    where = search_path()
    return tuple(tool for tool in TOOLS if shutil.which(tool.program, path=where) is None)


def unblob_installed() -> bool:
    """Whether the ``extract`` extra is there."""
    return importlib.util.find_spec("unblob") is not None


def describe_missing(program: str) -> str:
    """``unsquashfs is not installed (Debian package squashfs-tools)``; a program outside the table is named alone."""
    tool = _BY_PROGRAM.get(program)
    if tool is None or not tool.package:
        return f"{program} is not installed"
    return f"{program} is not installed (Debian package {tool.package})"
