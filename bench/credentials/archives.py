"""Containers written here, since no program is needed for them: cpio, tar, ar, zip, romfs, partitioned flash dumps."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import stat
import struct
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from credentials.timeless import EPOCH


@dataclass(frozen=True, slots=True)
class Member:
    """One path of a tree: a folder has no data."""

    name: str
    mode: int
    data: bytes


def members(tree: Path) -> list[Member]:
    """What is in a folder, sorted, folders before their files."""
    found = []
    for path in sorted(tree.rglob("*")):
        data = b"" if path.is_dir() else path.read_bytes()
        found.append(Member(path.relative_to(tree).as_posix(), path.stat().st_mode, data))
    return found


def cpio(tree: Path) -> bytes:
    """SVR4 without checksums (newc), as the kernel takes for an initramfs."""
    out = bytearray()
    trailer = Member("TRAILER!!!", 0, b"")
    for number, member in enumerate([*members(tree), trailer], 1):
        name = member.name.encode() + b"\0"
        fields = (number, member.mode, 0, 0, 1, EPOCH, len(member.data), 0, 0, 0, 0, len(name), 0)
        out += b"070701" + "".join(f"{value:08X}" for value in fields).encode() + name
        out += bytes(-len(out) % 4)
        out += member.data
        out += bytes(-len(out) % 4)
    return bytes(out) + bytes(-len(out) % 512)


def tar(tree: Path, prefix: str = "") -> bytes:
    """POSIX ustar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for member in members(tree):
            info = tarfile.TarInfo(prefix + member.name)
            info.mode, info.mtime, info.size = stat.S_IMODE(member.mode), EPOCH, len(member.data)
            info.uname = info.gname = "root"
            info.type = tarfile.DIRTYPE if stat.S_ISDIR(member.mode) else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(member.data))
    return out.getvalue()


def packed(data: bytes) -> bytes:
    """Gzip without a time."""
    return gzip.compress(data, mtime=0)


def one_file_tar(files: dict[str, bytes]) -> bytes:
    """A tar of a few files, for the control part of packages."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.mode, info.mtime, info.size = 0o644, EPOCH, len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def ar(files: dict[str, bytes]) -> bytes:
    """The archive of a Debian package."""
    out = b"!<arch>\n"
    for name, data in files.items():
        out += f"{name:<16}{EPOCH:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
    return out


CONTROL = b"Package: pump-software\nVersion: 4.2.0-1\nArchitecture: all\nMaintainer: Maker <sw@maker.example>\nDescription: software of the device\n"


def deb(tree: Path) -> bytes:
    """A Debian package: xz-packed data."""
    data = lzma.compress(tar(tree, "./"), format=lzma.FORMAT_XZ)
    return ar({"debian-binary": b"2.0\n", "control.tar.gz": packed(one_file_tar({"./control": CONTROL})), "data.tar.xz": data})


def ipk(tree: Path) -> bytes:
    """An OpenWrt package: the same three members in a gzip-packed tar."""
    control, data = packed(one_file_tar({"./control": CONTROL})), packed(tar(tree, "./"))
    return packed(one_file_tar({"./debian-binary": b"2.0\n", "./data.tar.gz": data, "./control.tar.gz": control}))


def zip_file(tree: Path) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members(tree):
            if stat.S_ISREG(member.mode):
                info = zipfile.ZipInfo(member.name, (2023, 11, 14, 22, 13, 20))
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, member.mode << 16
                archive.writestr(info, member.data)
    return out.getvalue()


def romfs(tree: Path) -> bytes:
    """Linux's romfs: for each file a header (next and type, spec, size, checksum), its name, its data, all at multiples of 16."""
    label = _padded(b"rom corpus\0")
    body = _romfs_folder(tree, 16 + len(label))
    image = bytearray(b"-rom1fs-" + struct.pack(">II", 16 + len(label) + len(body), 0) + label + body)
    struct.pack_into(">I", image, 12, _checksum(bytes(image[:512])))
    return bytes(image) + bytes(-len(image) % 1024)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


def _checksum(data: bytes) -> int:
    total: int = sum(value for (value,) in struct.iter_unpack(">I", data + bytes(-len(data) % 4)))
    return -total & 0xFFFFFFFF


def _romfs_folder(folder: Path, base: int) -> bytes:
    out = b""
    entries = sorted(folder.iterdir())
    for path in entries:
        place, name = base + len(out), _padded(path.name.encode() + b"\0")
        start = place + 16 + len(name)
        data = _romfs_folder(path, start) if path.is_dir() else _padded(path.read_bytes())
        following = 0 if path == entries[-1] else start + len(data)
        kind = (1 if path.is_dir() else 2) | (8 if path.is_dir() or path.stat().st_mode & 0o111 else 0)
        size, spec = (0, start if data else 0) if path.is_dir() else (path.stat().st_size, 0)
        head = struct.pack(">III", following | kind, spec, size)
        checksum = _checksum(head + bytes(4) + name)
        out += head + struct.pack(">I", checksum) + name + data
    return out


def flash(parts: list[tuple[int, bytes]], size: int) -> bytes:
    """A dump of a flash chip: erased where nothing was written."""
    out = bytearray(b"\xff" * size)
    for offset, data in parts:
        out[offset : offset + len(data)] = data
    return bytes(out)


def esp_flash(nvs: bytes) -> bytes:
    """A dump of an ESP32's flash with its partition table at 0x8000 (32 bytes an entry: AA 50, type, subtype, offset, size, label, flags)."""
    table = b""
    for kind, subtype, offset, size, label in (
        (1, 2, 0x9000, 0x6000, "nvs"),
        (1, 1, 0xF000, 0x1000, "phy_init"),
        (0, 0, 0x10000, 0x20000, "factory"),
    ):
        table += struct.pack("<HBBII16sI", 0x50AA, kind, subtype, offset, size, label.encode(), 0)
    table += b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(table).digest()
    segment = struct.pack("<II", 0x3F400020, 256) + struct.pack("<II", 0xABCD5432, 0).ljust(256, b"\0")
    application = struct.pack("<BBBBI", 0xE9, 1, 2, 0x20, 0x40080000) + b"\xee" + bytes(15) + segment
    return flash([(0x8000, table), (0x9000, nvs), (0x10000, application)], 0x40000)
