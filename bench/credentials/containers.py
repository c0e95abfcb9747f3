"""The container formats of the corpus: each packs one tree into one image. A missing program is said, never passed over in silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from credentials import archives, timeless
from credentials.fit import image_tree
from credentials.timeless import EPOCH

SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
UUID = "8a2f0c7e-5d41-4b9e-9a63-0f1e2d3c4b5a"
MIB = 1024 * 1024


MTD = "mtd/"
"""In a flash dump, what the tree holds below this folder stands at an offset and has no name."""


@dataclass(frozen=True, slots=True)
class Container:
    """``suffix`` of the image, the programs it takes, what packs a folder into a file, and whether the files keep their names."""

    suffix: str
    programs: tuple[str, ...]
    pack: Callable[[Path, Path], None]
    names: bool = True

    def path(self, file: str) -> str:
        """Where a file of the tree is found in the image; empty where it became the image or a nameless part of it."""
        return file if self.names and not file.startswith(MTD) else ""

    def missing(self) -> list[str]:
        """The programs that are not installed."""
        return [program for program in self.programs if shutil.which(program, path=SBIN) is None]


def run(*command: str | Path, cwd: Path | None = None) -> None:
    """Run a program of the list with a fixed clock; its output is shown if it fails."""
    environment = {"PATH": SBIN, "SOURCE_DATE_EPOCH": str(EPOCH), "E2FSPROGS_FAKE_TIME": str(EPOCH), "TZ": "UTC", "LC_ALL": "C"}
    done = subprocess.run([str(part) for part in command], env=environment, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def written(made: Callable[[Path], bytes]) -> Callable[[Path, Path], None]:
    """For containers that our own code writes."""

    def pack(tree: Path, out: Path) -> None:
        out.write_bytes(made(tree))

    return pack


def squashfs(compressor: str) -> Callable[[Path, Path], None]:
    """Squashfs 4.0."""

    def pack(tree: Path, out: Path) -> None:
        options = ("-noappend", "-quiet", "-no-progress", "-all-root", "-comp", compressor, "-processors", "1", "-no-xattrs")
        run("mksquashfs", tree, out, *options)

    return pack


def ext(kind: str) -> Callable[[Path, Path], None]:
    """ext2 or ext4, filled without mounting."""

    def pack(tree: Path, out: Path) -> None:
        size = sum(member.data.__len__() + 4096 for member in archives.members(tree))
        with out.open("wb") as file:
            file.truncate((size * 5 // 4 // MIB + 2) * MIB)
        run("mke2fs", "-q", "-F", "-t", kind, "-b", "1024", "-U", UUID, "-E", f"hash_seed={UUID},root_owner=0:0", "-d", tree, out)
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder, "times")
            script.write_text(timeless.ext_script([member.name for member in archives.members(tree)] + ["lost+found"]))
            run("debugfs", "-w", "-f", script, out)

    return pack


def jffs2(tree: Path, out: Path) -> None:
    """JFFS2 for NOR flash, erase blocks of 64 KiB; its times are all zero."""
    run("mkfs.jffs2", "-f", "-q", "-l", "-e", "64KiB", "-p", "-r", tree, "-o", out)


def ubi(tree: Path, out: Path) -> None:
    """UBIFS in a UBI image for NAND with pages of 2 KiB."""
    with tempfile.TemporaryDirectory() as folder:
        volume, recipe = Path(folder, "rootfs.ubifs"), Path(folder, "ubi.ini")
        run("mkfs.ubifs", "-m", "2048", "-e", "126976", "-c", "200", "-U", "-r", tree, "-o", volume)
        volume.write_bytes(timeless.ubifs(volume.read_bytes()))
        recipe.write_text(f"[rootfs]\nmode=ubi\nimage={volume}\nvol_id=0\nvol_type=dynamic\nvol_name=rootfs\nvol_flags=autoresize\n")
        run("ubinize", "-m", "2048", "-p", "128KiB", "-Q", "1", "-o", out, recipe)


def cramfs(tree: Path, out: Path) -> None:
    """Compressed ROM file system."""
    run("mkfs.cramfs", "-e", "1", "-N", "little", "-n", "rootfs", tree, out)


def seven_zip(tree: Path, out: Path) -> None:
    """A 7z archive."""
    out.unlink(missing_ok=True)
    run("7z", "a", "-bd", "-mmt=1", "-mx=3", out.absolute(), ".", cwd=tree)


def iso(tree: Path, out: Path) -> None:
    """ISO 9660 with Rock Ridge and Joliet names."""
    run("genisoimage", "-quiet", "-R", "-J", "-V", "UPDATE", "-input-charset", "utf-8", "-o", out, tree)
    out.write_bytes(timeless.iso(out.read_bytes()))


def fat(tree: Path, out: Path) -> None:
    """A memory card: FAT with long names."""
    with out.open("wb") as file:
        file.truncate(8 * MIB)
    run("mkfs.fat", "-i", "12345678", "--invariant", "-n", "CARD", out)
    names = sorted(tree.iterdir())
    run("mcopy", "-m", "-s", "-i", out, *names, "::/")


def uimage(tree: Path, out: Path) -> None:
    """An initramfs in a U-Boot image: mkimage around gzip around cpio."""
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder, "initramfs")
        inner.write_bytes(archives.packed(archives.cpio(tree)))
        run("mkimage", "-q", "-A", "arm", "-O", "linux", "-T", "ramdisk", "-C", "gzip", "-n", "rootfs", "-d", inner, out)


def fit(tree: Path, out: Path) -> None:
    """A flattened image tree with a squashfs."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "rootfs.squashfs")
        squashfs("gzip")(tree, root)
        out.write_bytes(image_tree(root.read_bytes(), EPOCH))


def flash(tree: Path, out: Path) -> None:
    """A dump of a chip of 8 MiB: what the tree holds as ``mtd/<offset>`` stands there, the rest is a squashfs at 1 MiB."""
    with tempfile.TemporaryDirectory() as folder:
        rest, image = Path(folder, "tree"), Path(folder, "rootfs")
        shutil.copytree(tree, rest, ignore=lambda where, _: ["mtd"] if Path(where) == tree else [])
        stamp(rest)
        squashfs("gzip")(rest, image)
        raw = [(int(path.name.split("-")[0], 16), path.read_bytes()) for path in sorted(Path(tree, "mtd").glob("*"))]
        out.write_bytes(archives.flash([*raw, (MIB, image.read_bytes())], 8 * MIB))


def only(tree: Path) -> bytes:
    """The one file of the tree is the image."""
    (path,) = [path for path in tree.rglob("*") if path.is_file()]
    return path.read_bytes()


def folder(tree: Path, out: Path) -> None:
    """No container: a directory of unpacked software."""
    shutil.copytree(tree, out, dirs_exist_ok=True)


def stamp(tree: Path) -> None:
    """Give everything in a folder the same time."""
    for path in sorted(tree.rglob("*"), reverse=True):
        os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)
    os.utime(tree, (EPOCH, EPOCH))


CONTAINERS: dict[str, Container] = {
    "squashfs-gzip": Container(".squashfs", ("mksquashfs",), squashfs("gzip")),
    "squashfs-xz": Container(".squashfs", ("mksquashfs",), squashfs("xz")),
    "cramfs": Container(".cramfs", ("mkfs.cramfs",), cramfs),
    "jffs2": Container(".jffs2", ("mkfs.jffs2",), jffs2),
    "ubifs": Container(".ubi", ("mkfs.ubifs", "ubinize"), ubi),
    "ext2": Container(".ext2", ("mke2fs", "debugfs"), ext("ext2")),
    "ext4": Container(".ext4", ("mke2fs", "debugfs"), ext("ext4")),
    "romfs": Container(".romfs", (), written(archives.romfs)),
    "cpio": Container(".cpio", (), written(archives.cpio)),
    "cpio.gz": Container(".cpio.gz", (), written(lambda tree: archives.packed(archives.cpio(tree)))),
    "tar.gz": Container(".tar.gz", (), written(lambda tree: archives.packed(archives.tar(tree)))),
    "zip": Container(".zip", (), written(archives.zip_file)),
    "7z": Container(".7z", ("7z",), seven_zip),
    "iso9660": Container(".iso", ("genisoimage",), iso),
    "deb": Container(".deb", (), written(archives.deb)),
    "ipk": Container(".ipk", (), written(archives.ipk)),
    "uimage": Container(".uimage", ("mkimage",), uimage),
    "fit": Container(".itb", ("mksquashfs",), fit),
    "fat": Container(".img", ("mkfs.fat", "mcopy"), fat),
    "flash": Container(".bin", ("mksquashfs",), flash),
    "esp-flash": Container(".bin", (), written(lambda tree: archives.esp_flash(only(tree))), names=False),
    "raw": Container(".bin", (), written(only), names=False),
    "intel-hex": Container(".hex", (), written(only), names=False),
    "s-record": Container(".srec", (), written(only), names=False),
    "directory": Container("", (), folder),
}
