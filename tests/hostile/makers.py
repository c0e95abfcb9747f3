"""Make hostile evidence: archives and images that no ordinary program would write."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH118

import gzip
import io
import os
import shutil
import stat
import struct
import subprocess
import tarfile
import zipfile
from pathlib import Path

SHADOW = b"root:$1$abc$0123456789012345678901:0:0:99999:7:::\n"


def tar_entry(name, content=b"", kind=tarfile.REGTYPE, target="", mode=0o644):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname, info.mode = len(content), kind, target, mode
    return info, content


def make_tar(path: Path, *entries) -> Path:
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape") as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return path


def make_zip(path: Path, entries: dict[str, bytes], *, compression=zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return path


def cpio_entry(name: bytes, content: bytes = b"", mode: int = stat.S_IFREG | 0o644, *, inode=1, links=1, magic=b"070701", checksum=0):
    fields = (inode, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name) + 1, checksum)
    head = magic + b"".join(b"%08x" % field for field in fields) + name + b"\0"
    head += b"\0" * (-len(head) % 4)
    return head + content + b"\0" * (-len(content) % 4)


def make_cpio(path: Path, *entries: bytes, trailer=True) -> Path:
    data = b"".join(entries) + (cpio_entry(b"TRAILER!!!") if trailer else b"")
    path.write_bytes(data + (b"\0" * (-len(data) % 512) if trailer else b""))
    return path


def make_rootfs(folder: Path) -> Path:
    for name, content in {"etc/shadow": SHADOW, "etc/hostname": b"pump\n", "bin/busybox": b"\x7fELF" + bytes(60)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "bin/busybox").chmod(0o755)
    (folder / "bin/sh").symlink_to("busybox")
    (folder / "bin/ash").symlink_to("/bin/busybox")
    return folder


def make_squashfs(folder: Path, image: Path, compression: str = "gzip") -> Path:
    program = shutil.which("mksquashfs")
    assert program, "squashfs-tools are needed to make the evidence"
    subprocess.run([program, folder, image, "-comp", compression, "-quiet", "-no-progress", "-all-root"], check=True, stdout=subprocess.DEVNULL)
    return image


def nested_gzip(depth: int, core: bytes) -> bytes:
    for _ in range(depth):
        core = gzip.compress(core, mtime=0)
    return core


def nested_zip(path: Path, depth: int, core: bytes) -> Path:
    for level in range(depth):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(zipfile.ZipInfo("core.txt" if level == 0 else "inner.zip"), core)
            if level == depth - 1:
                archive.writestr(zipfile.ZipInfo("etc/shadow"), SHADOW)
        core = buffer.getvalue()
    path.write_bytes(core)
    return path


def uimage(payload: bytes, name: bytes = b"Linux-3.18") -> bytes:
    """A legacy U-Boot image: 64 bytes of header with both checksums right."""
    import zlib

    def header(crc: int) -> bytes:
        return struct.pack(">7I4B32s", 0x27051956, crc, 0, len(payload), 0x80000000, 0x80000000, zlib.crc32(payload), 5, 2, 2, 0, name)

    return header(zlib.crc32(header(0))) + payload


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes that look encrypted, the same in every run."""
    import random

    return random.Random(seed).randbytes(size)


def listing(root: Path) -> dict[str, bytes | None]:
    """Everything under a directory, to see that a test changed nothing outside."""
    return {os.path.relpath(os.path.join(folder, name), root): None for folder, folders, names in os.walk(root) for name in (*folders, *names)}
