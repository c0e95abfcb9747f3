"""Build the software images of the example devices: ``python examples/build.py OUT_FOLDER [DEVICE.toml …]``.

An image is a U-Boot kernel image followed, at a fixed offset, by the device's files: as a squashfs where ``mksquashfs`` is
installed, as a tar.gz otherwise. Fixed times, owners and order: the same files give the same bytes on every run.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parts import elf, key, uimage

HERE = Path(__file__).parent
FILES_AT = 0x10000
"""Where the file system begins in the image: one flash block after the kernel."""

SECRET_FILES = ("etc/shadow", "root/.ssh/id_ecdsa")
EXECUTABLE_FOLDERS = ("bin", "sbin", "init.d")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the device: its bytes and mode, or where a link points."""

    data: bytes = b""
    mode: int = 0o644
    link: str = ""


def main(arguments: list[str]) -> int:
    """Build every device, or those named, into a folder; say where each image went."""
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 1
    out = Path(arguments[0])
    recipes = [Path(name) for name in arguments[1:]] or sorted(HERE.glob("*/image*.toml"))
    out.mkdir(parents=True, exist_ok=True)
    for recipe in recipes:
        target = out / f"{recipe.parent.name}{recipe.stem.removeprefix('image')}.bin"
        target.write_bytes(image(recipe))
        print(f"{target}: {target.stat().st_size:,} bytes")
    return 0


def image(recipe: Path, *, squashfs: bool | None = None) -> bytes:
    """The bytes of the image that ``recipe`` describes. ``squashfs`` None means: if ``mksquashfs`` is installed."""
    wanted = tomllib.loads(recipe.read_text(encoding="utf-8"))
    kernel = uimage(wanted["kernel"], wanted["kernel_banner"])
    if len(kernel) > FILES_AT:
        raise ValueError(f"{recipe}: the kernel needs {len(kernel)} bytes, {FILES_AT} are free")
    files = members(recipe.parent, wanted)
    use_squashfs = shutil.which("mksquashfs") is not None if squashfs is None else squashfs
    return kernel.ljust(FILES_AT, b"\xff") + (_squashfs(files) if use_squashfs else _tar(files))


def members(folder: Path, wanted: dict[str, Any]) -> dict[str, Member]:
    """Every file of the device by path: plain files, then programs, keys and links; ``remove`` takes away plain files."""
    found: dict[str, Member] = {}
    for layer in wanted["folders"]:
        for path in sorted((folder / layer).rglob("*")):
            if path.is_file():
                name = path.relative_to(folder / layer).as_posix()
                found[name] = Member(path.read_bytes(), _mode(name))
    for name in wanted.get("remove", ()):
        del found[name]
    found |= {name: Member(elf(text), 0o755) for name, text in wanted["programs"].items()}
    found |= {name: Member(key(**how), _mode(name)) for name, how in wanted["keys"].items()}
    found |= {name: Member(mode=0o777, link=target) for name, target in wanted["links"].items()}
    return dict(sorted(found.items()))


def _mode(name: str) -> int:
    """The mode a device's build would give: git keeps no more than one bit of it."""
    if name in SECRET_FILES:
        return 0o600
    return 0o755 if Path(name).parent.name in EXECUTABLE_FOLDERS else 0o644


def _squashfs(files: dict[str, Member]) -> bytes:
    """A squashfs of the files, made in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "root")
        for name, member in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if member.link:
                path.symlink_to(member.link)
            else:
                path.write_bytes(member.data)
                path.chmod(member.mode)
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())):
            folder.chmod(0o755)
        made = Path(scratch, "root.squashfs")
        fixed = ["-all-root", "-mkfs-time", "0", "-all-time", "0", "-no-xattrs", "-processors", "1", "-comp", "gzip"]
        # mksquashfs refuses to start when it is told the time twice.
        environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        command = ["mksquashfs", str(root), str(made), *fixed, "-noappend", "-no-progress"]
        subprocess.run(command, check=True, capture_output=True, env=environment)
        return made.read_bytes()


def _tar(files: dict[str, Member]) -> bytes:
    """The same files as a tar.gz."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, member in files.items():
            info = tarfile.TarInfo(name)
            info.mode, info.size = member.mode, len(member.data)
            if member.link:
                info.type, info.linkname = tarfile.SYMTYPE, member.link
            tar.addfile(info, io.BytesIO(member.data))
    return gzip.compress(packed.getvalue(), mtime=0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
