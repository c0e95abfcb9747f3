"""Images that are cut, broken, huge, nested or of many kinds: what can be read is read, the rest is said."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH123

import os
import shutil
import subprocess

import pytest
from makers import SHADOW, make_rootfs, make_squashfs, make_tar, make_zip, nested_gzip, nested_zip, noise, tar_entry, uimage

from asepsis.guard import tools
from asepsis.guard.limits import MIB
from asepsis.guard.unpack import Unreadable

pytestmark = pytest.mark.slow

needs_squashfs = pytest.mark.skipif(not (shutil.which("mksquashfs") and shutil.which("unsquashfs")), reason="squashfs-tools are not installed")


@pytest.fixture
def image(tmp_path):
    if not (shutil.which("mksquashfs") and shutil.which("unsquashfs")):
        pytest.skip("squashfs-tools are not installed")
    root = make_rootfs(tmp_path / "rootfs")
    (root / "lib").mkdir()
    (root / "lib/firmware.bin").write_bytes(noise(20_000))
    return make_squashfs(root, tmp_path / "root.squashfs")


@needs_squashfs
@pytest.mark.parametrize("compression", ["gzip", "lzma", "lzo", "lz4", "xz", "zstd"])
def test_squashfs_opens_whatever_its_compression(open_it, tmp_path, compression):
    case = open_it(make_squashfs(make_rootfs(tmp_path / "rootfs"), tmp_path / "root.bin", compression))
    assert case.contents["root.bin!etc/shadow"] == SHADOW
    assert case.result.bytes_understood == case.result.bytes_total
    assert case.result.problems == ()


def test_a_program_keeps_its_mode_and_its_other_names(open_it, image):
    case = open_it(image)
    busybox = next(file for file in case.result.files if file.where.member == "bin/busybox")
    assert busybox.executable
    assert busybox.link_names == ("bin/ash", "bin/sh")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a device node to pack")
def test_device_nodes_in_a_root_file_system_are_ordinary(open_it, tmp_path):
    root = make_rootfs(tmp_path / "rootfs")
    (root / "dev").mkdir()
    os.mknod(root / "dev/console", 0o20600, os.makedev(5, 1))
    os.mkfifo(root / "dev/initctl")
    case = open_it(make_squashfs(root, tmp_path / "root.bin"))
    assert case.contents["root.bin!etc/shadow"] == SHADOW
    assert case.result.problems == ()
    assert case.tricks == set()


def test_a_composite_image_gives_the_chain_of_its_parts(open_it, tmp_path, image):
    kernel = uimage(noise(30_000))
    start = 65536
    data = kernel + b"\xff" * (start - len(kernel)) + image.read_bytes()
    (tmp_path / "pump.bin").write_bytes(data)
    case = open_it(tmp_path / "pump.bin")
    assert case.contents[f"pump.bin!{start}-{len(data)}.squashfs_v4_le!etc/shadow"] == SHADOW
    assert case.result.bytes_total == len(data)
    assert case.result.bytes_understood >= len(data) - start


def test_a_cut_image_is_a_problem_and_is_named(open_it, tmp_path, image):
    (tmp_path / "cut.bin").write_bytes(image.read_bytes()[:-9000])
    case = open_it(tmp_path / "cut.bin")
    assert case.result.unopened == ("cut.bin",)
    assert case.result.bytes_understood == 0
    assert any("squashfs" in what for what in case.problems("broken-input"))


def test_a_cut_image_behind_other_parts_is_a_problem(open_it, tmp_path, image):
    archive = make_tar(tmp_path / "a.tar", tar_entry("etc/hostname", b"pump\n")).read_bytes()
    cut = archive + noise(8192) + image.read_bytes()[:-9000]
    (tmp_path / "cut.bin").write_bytes(cut)
    case = open_it(tmp_path / "cut.bin")
    assert b"pump\n" in case.contents.values()
    offsets = [problem.where.offset for problem in case.result.problems if "squashfs image says" in problem.what]
    assert len(offsets) == 1


def test_a_broken_image_keeps_what_came_out(open_it, tmp_path):
    root = make_rootfs(tmp_path / "rootfs")
    for number in range(20):
        (root / f"data{number:02}").write_bytes(b"".join(b"%d line %d\n" % (number, line) for line in range(20_000)))
    path = make_squashfs(root, tmp_path / "root.bin")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = noise(4096)
    path.write_bytes(data)
    case = open_it(path)
    assert any(content == (root / "data00").read_bytes() for content in case.contents.values())
    assert case.problems("broken-input")
    assert case.result.bytes_understood < case.result.bytes_total


def test_a_corrupt_gzip_is_a_problem(open_it, tmp_path):
    data = bytearray(nested_gzip(1, noise(100_000)))
    data[50_000:50_100] = bytes(100)
    (tmp_path / "fw.gz").write_bytes(data)
    case = open_it(tmp_path / "fw.gz")
    assert case.result.bytes_understood == 0
    assert case.problems("broken-input")


def test_an_empty_file_is_a_problem(open_it, tmp_path):
    (tmp_path / "fw.bin").write_bytes(b"")
    case = open_it(tmp_path / "fw.bin")
    assert case.problems("broken-input") == ["the file is empty"]
    assert case.paths == []


def test_a_missing_file_is_unreadable(open_it, tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        open_it(tmp_path / "nowhere.bin")


def test_a_loop_as_evidence_is_unreadable(open_it, tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(Unreadable):
        open_it(tmp_path / "a")


def test_a_pipe_as_evidence_is_unreadable(tmp_path, open_it):
    from asepsis.guard.unpack import _size_of_readable

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="not a regular file"):
        _size_of_readable(tmp_path / "pipe")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_unreadable(open_it, tmp_path):
    from asepsis.guard.unpack import _size_of_readable

    (tmp_path / "fw.bin").write_bytes(b"x")
    (tmp_path / "fw.bin").chmod(0)
    with pytest.raises(Unreadable, match="Permission"):
        _size_of_readable(tmp_path / "fw.bin")


def test_an_encrypted_blob_is_not_understood(open_it, tmp_path):
    (tmp_path / "fw.bin").write_bytes(noise(300_000))
    case = open_it(tmp_path / "fw.bin")
    assert case.paths == ["fw.bin"]
    assert case.result.bytes_understood == 0
    assert case.result.unopened == ("fw.bin",)
    assert case.problems("broken-input")


def test_an_encrypted_blob_inside_a_zip_is_named(open_it, tmp_path):
    case = open_it(make_zip(tmp_path / "up.zip", {"fw.enc": noise(300_000), "readme.txt": b"read me\n"}))
    assert case.result.unopened == ("up.zip!fw.enc",)


def test_a_plain_text_file_is_understood(open_it, tmp_path):
    (tmp_path / "shadow").write_bytes(SHADOW)
    case = open_it(tmp_path / "shadow")
    assert (case.paths, case.result.bytes_understood, case.result.problems) == (["shadow"], len(SHADOW), ())


def test_a_huge_sparse_file_is_refused_in_no_time(open_it, tmp_path):
    path = tmp_path / "huge.bin"
    with path.open("wb") as file:
        file.truncate(2 * MIB)
    case = open_it(path, evidence_bytes=MIB)
    assert case.problems("limit-reached") == [f"the file is larger than evidence_bytes ({MIB})"]
    assert case.result.unopened == ("huge.bin",)


def test_a_large_sparse_file_ends_with_its_time(open_it, tmp_path):
    path = tmp_path / "sparse.bin"
    with path.open("wb") as file:
        file.truncate(40 * 1024 * MIB)
    case = open_it(path, unpack_seconds=3)
    assert case.problems("limit-reached") == ["unpacking reached its limit unpack_seconds"]
    assert case.seconds < 30


def test_forty_nested_containers_stop_at_the_depth_and_the_rest_is_read(open_it, tmp_path):
    case = open_it(nested_zip(tmp_path / "deep.zip", 40, b"treasure\n"))
    assert "nesting" in case.tricks
    assert any("unpack_depth" in what for what in case.problems("limit-reached"))
    assert case.contents["deep.zip!etc/shadow"] == SHADOW
    assert max(path.count("!") for path in case.paths) == 10


def test_forty_nested_streams_stop_at_the_depth(open_it, tmp_path):
    (tmp_path / "deep.gz").write_bytes(nested_gzip(40, noise(1000)))
    case = open_it(tmp_path / "deep.gz")
    assert case.tricks == {"nesting"}
    assert len(case.result.unopened) == 1


def test_a_bomb_is_stopped_and_named(open_it, tmp_path):
    bomb = make_zip(tmp_path / "bomb.zip", {f"{number}": bytes(20 * MIB) for number in range(8)})
    case = open_it(bomb, unpack_written_bytes=64 * MIB)
    assert case.tricks == {"bomb"}
    assert any("unpack_written_bytes" in what for what in case.problems("limit-reached"))


def test_one_entry_that_grows_too_large_does_not_cost_the_others(open_it, tmp_path):
    bomb = make_zip(tmp_path / "bomb.zip", {"big": bytes(40 * MIB), "etc/shadow": SHADOW})
    case = open_it(bomb)
    assert case.contents["bomb.zip!etc/shadow"] == SHADOW
    assert any("unpack_one_file_bytes" in what for what in case.problems("limit-reached"))
    assert case.tricks == {"bomb"}


def test_the_innermost_bomb_is_the_one_that_is_named(open_it, tmp_path):
    inner = make_zip(tmp_path / "inner.zip", {f"{number}": bytes(20 * MIB) for number in range(8)})
    outer = make_tar(tmp_path / "outer.tar", tar_entry("readme", b"harmless\n"), tar_entry("opt/inner.zip", inner.read_bytes()))
    case = open_it(outer, unpack_written_bytes=64 * MIB)
    assert [(fact.trick, fact.where.path) for fact in case.result.hostile] == [("bomb", "outer.tar!opt/inner.zip")]
    assert case.contents["outer.tar!readme"] == b"harmless\n"


def test_many_empty_files_are_stopped(open_it, tmp_path):
    many = make_tar(tmp_path / "many.tar", *(tar_entry(f"d{number % 100}/{number}") for number in range(60_000)))
    case = open_it(many, unpack_files=1000)
    assert any("unpack_files" in what for what in case.problems("limit-reached"))
    assert case.tricks == {"bomb"}


@needs_squashfs
def test_a_sparse_giant_in_an_image_does_not_cost_the_others(open_it, tmp_path):
    root = make_rootfs(tmp_path / "rootfs")
    with (root / "giant").open("wb") as file:
        file.truncate(300 * MIB)
    case = open_it(make_squashfs(root, tmp_path / "root.bin"))
    assert case.contents["root.bin!etc/shadow"] == SHADOW
    assert any("unpack_one_file_bytes" in what for what in case.problems("limit-reached"))


def test_time_up_keeps_what_came_out_and_leaves_nothing_running(open_it, tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    note = tmp_path / "work" / "pid"
    (programs / "7z").write_text(f"#!/bin/sh\necho $$ > {note}\nexec sleep 600\n")
    (programs / "7z").chmod(0o755)
    monkeypatch.setattr("asepsis.guard.sandbox.search_path", lambda: f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr("asepsis.guard.unpack._own_directory", lambda workdir, _: workdir)
    slow = make_tar(tmp_path / "slow.tar", tar_entry("etc/shadow", SHADOW), tar_entry("slow.gz", nested_gzip(1, noise(9000))))
    case = open_it(slow, unpack_seconds=4)
    assert case.contents["slow.tar!etc/shadow"] == SHADOW
    assert case.problems("limit-reached") == ["unpacking reached its limit unpack_seconds"]
    assert case.seconds < 20
    assert not is_alive(int(note.read_text()))


def is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_without_unsquashfs_the_image_is_named_with_the_package(open_it, tmp_path, image, monkeypatch):
    path = tmp_path / "programs"
    path.mkdir()
    for program in ("7z", "env", "sh"):
        (path / program).symlink_to(shutil.which(program))
    bundle = make_tar(tmp_path / "fw.tar", tar_entry("root.squashfs", image.read_bytes()), tar_entry("etc/hostname", b"pump\n"))
    monkeypatch.setattr(tools, "search_path", lambda: str(path))
    monkeypatch.setattr("asepsis.guard.sandbox.search_path", lambda: str(path))
    case = open_it(bundle)
    assert case.problems("missing-tool") == ["unsquashfs is not installed (Debian package squashfs-tools)"]
    assert case.result.unopened == ("fw.tar!root.squashfs",)
    assert case.contents["fw.tar!etc/hostname"] == b"pump\n"


def test_without_7z_the_stream_is_named_with_the_package(open_it, tmp_path, monkeypatch):
    path = tmp_path / "programs"
    path.mkdir()
    monkeypatch.setattr("asepsis.guard.sandbox.search_path", lambda: str(path))
    (tmp_path / "fw.gz").write_bytes(nested_gzip(1, SHADOW * 100))
    case = open_it(tmp_path / "fw.gz")
    assert case.problems("missing-tool") == ["7z is not installed (Debian package 7zip)"]
    assert case.result.unopened == ("fw.gz",)


def test_without_unblob_the_plain_reader_opens_the_same(open_it, tmp_path, image, monkeypatch):
    monkeypatch.setattr(tools, "unblob_installed", lambda: False)
    kernel = noise(65536)
    (tmp_path / "pump.bin").write_bytes(kernel + image.read_bytes())
    bundle = make_tar(tmp_path / "fw.tar", tar_entry("pump.bin", (tmp_path / "pump.bin").read_bytes()), tar_entry("../x", b"x\n"))
    (tmp_path / "fw.tar.gz").write_bytes(nested_gzip(1, bundle.read_bytes()))
    case = open_it(tmp_path / "fw.tar.gz")
    end = 65536 + image.stat().st_size
    assert case.contents[f"fw.tar.gz!fw.tar!pump.bin!65536-{end}.squashfs_v4_le!etc/shadow"] == SHADOW
    assert case.tricks == {"path-traversal"}
    assert any("unblob is not installed" in what for what in case.problems("missing-tool"))


def test_without_unblob_forty_deep_stops_too(open_it, tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "unblob_installed", lambda: False)
    case = open_it(nested_zip(tmp_path / "deep.zip", 40, b"treasure\n"))
    assert case.tricks == {"nesting"}
    assert case.contents["deep.zip!etc/shadow"] == SHADOW


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_a_problem(open_it, tmp_path):
    bundle = make_tar(tmp_path / "fw.tar", tar_entry("etc/shadow", SHADOW), *(tar_entry(f"n{i}", noise(4 * MIB, i)) for i in range(8)))
    (tmp_path / "work").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", tmp_path / "work"], check=False)
    if mounted.returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        case = open_it(bundle)
    finally:
        subprocess.run(["umount", tmp_path / "work"], check=True)
    assert any("disk is full" in what for what in case.problems("limit-reached"))


def test_the_disk_is_looked_at_first(open_it, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=9 * MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    case = open_it(make_tar(tmp_path / "fw.tar", tar_entry("a", noise(2 * MIB))))
    assert any("almost full" in what for what in case.problems("limit-reached"))


def test_two_runs_say_the_same(open_it, tmp_path, image):
    bundle = make_tar(tmp_path / "fw.tar", tar_entry("r.img", image.read_bytes()), tar_entry("../x", b"x\n"), tar_entry("blob", noise(99_999)))
    one, two = open_it(bundle).result, open_it(bundle).result
    assert (one.problems, one.hostile, one.unopened) == (two.problems, two.hostile, two.unopened)
    assert [(file.where, file.size, file.link_names) for file in one.files] == [(file.where, file.size, file.link_names) for file in two.files]


def test_a_directory_named_like_ours_in_an_archive_is_an_ordinary_one(open_it, tmp_path, image):
    bundle = make_tar(tmp_path / "fw.tar", tar_entry("r.img_extract/etc/shadow", b"decoy\n"), tar_entry("r.img", image.read_bytes()))
    case = open_it(bundle)
    assert case.contents["fw.tar!r.img!etc/shadow"] == SHADOW
    assert case.contents["fw.tar!r.img_extract/etc/shadow"] == b"decoy\n"


def test_a_uimage_is_understood_whole(open_it, tmp_path, image):
    kernel = uimage(b"boot code " * 1000)
    (tmp_path / "fw.bin").write_bytes(kernel + image.read_bytes())
    case = open_it(tmp_path / "fw.bin")
    assert case.contents[f"fw.bin!0-{len(kernel)}.uimage!payload"] == b"boot code " * 1000
    assert case.result.bytes_understood == case.result.bytes_total
    assert case.result.problems == ()


def test_a_uimage_whose_payload_was_changed_says_so(open_it, tmp_path):
    kernel = bytearray(uimage(b"boot code " * 1000))
    kernel[200] ^= 1
    (tmp_path / "fw.bin").write_bytes(kernel)
    case = open_it(tmp_path / "fw.bin")
    assert case.problems("broken-input") == ["the payload does not have the checksum of its header: changed or damaged"]
    assert case.paths == ["fw.bin!payload"]


def test_two_magic_bytes_of_a_cpio_are_no_archive(open_it, tmp_path):
    """``C7 71`` stands in any large file; an old binary cpio must run to its end mark."""
    header = b"\xc7\x71" + bytes(4) + (0o100644).to_bytes(2, "little") + bytes(12) + (3).to_bytes(2, "little") + bytes(4) + b"ab\0\0"
    (tmp_path / "fw.bin").write_bytes(noise(5000) + header + noise(5000, 2))
    case = open_it(tmp_path / "fw.bin")
    assert case.paths == ["fw.bin"]


def test_a_unix_binary_cpio_is_opened(open_it, tmp_path):
    def entry(name: bytes, content: bytes, mode: int) -> bytes:
        words = [0o070707, 0, 1, mode, 0, 0, 1, 0, 0, 0, len(name) + 1, len(content) >> 16, len(content) & 0xFFFF]
        head = b"".join(word.to_bytes(2, "little") for word in words) + name + b"\0"
        return head + b"\0" * (len(head) % 2) + content + b"\0" * (len(content) % 2)

    data = entry(b"etc/shadow", SHADOW, 0o100600) + entry(b"TRAILER!!!", b"", 0)
    (tmp_path / "old.cpio").write_bytes(data + bytes(-len(data) % 512))
    assert open_it(tmp_path / "old.cpio").contents == {"old.cpio!etc/shadow": SHADOW}
