"""A directory given as evidence may hold anything; nothing in it is followed, and only regular files are opened."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH102, PTH118, PTH123

import os
import shutil

import pytest
from makers import SHADOW, make_rootfs, make_squashfs, make_tar, make_zip, noise, tar_entry

from asepsis.guard import unpack
from asepsis.guard.limits import STANDARD
from asepsis.guard.unpack import Unreadable

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can make a device node")
not_as_root = pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")


@pytest.fixture
def tree(tmp_path):
    return make_rootfs(tmp_path / "rootfs")


def test_files_have_paths_relative_to_the_directory(open_it, tree):
    case = open_it(tree)
    assert case.paths == ["bin/busybox", "etc/hostname", "etc/shadow"]
    assert case.contents["etc/shadow"] == SHADOW
    assert case.result.bytes_total == case.result.bytes_understood == 64 + 5 + len(SHADOW)
    assert case.result.problems == ()


def test_links_are_other_names(open_it, tree):
    (tree / "usr").mkdir()
    (tree / "usr/bin").symlink_to("../bin")
    (tree / "bin/far").symlink_to("/usr/bin/sh")
    busybox = open_it(tree).result.files[0]
    assert busybox.link_names == ("bin/ash", "bin/far", "bin/sh")


def test_a_hard_link_counts_once(open_it, tree):
    os.link(tree / "etc/shadow", tree / "etc/shadow-")
    case = open_it(tree)
    assert [file.link_names for file in case.result.files if file.where.path == "etc/shadow"] == [("etc/shadow-",)]
    assert case.result.bytes_total == 64 + 5 + len(SHADOW)


def test_link_loops_are_named_and_not_followed(open_it, tree):
    (tree / "a").symlink_to("b")
    (tree / "b").symlink_to("a")
    (tree / "etc/self").symlink_to("../etc/self/self")
    (tree / "up").symlink_to("..")
    (tree / "here").symlink_to(".")
    case = open_it(tree)
    assert case.problems("broken-input") == ["a symbolic link leads in a circle (and 2 more)"]
    assert case.problems("not-permitted") == ["a symbolic link leads out of the directory"]
    assert case.paths == ["bin/busybox", "etc/hostname", "etc/shadow"]


def test_a_link_to_the_host_is_not_followed(open_it, tree, tmp_path):
    (tmp_path / "secret").write_bytes(b"the analyst's own\n")
    (tree / "etc/passwd").symlink_to(tmp_path / "secret")
    (tree / "etc/group").symlink_to("../../secret")
    case = open_it(tree)
    assert b"the analyst's own\n" not in case.contents.values()
    assert case.problems("not-permitted") == ["a symbolic link leads out of the directory"]


def test_pipes_and_sockets_are_never_opened(open_it, tree):
    os.mkfifo(tree / "etc/passwd")
    case = open_it(tree)
    assert "etc/passwd" not in case.paths
    assert case.problems("not-permitted") == ["a device node, pipe or socket is never opened"]


@as_root
def test_device_nodes_are_never_opened(open_it, tree):
    os.mknod(tree / "etc/zero", 0o20666, os.makedev(1, 5))
    os.mknod(tree / "etc/mem", 0o60666, os.makedev(1, 1))
    case = open_it(tree)
    assert case.paths == ["bin/busybox", "etc/hostname", "etc/shadow"]
    assert case.problems("not-permitted") == ["a device node, pipe or socket is never opened (and 1 more)"]


@not_as_root
def test_what_may_not_be_read_is_a_problem(open_it, tree):
    (tree / "etc/shadow").chmod(0)
    (tree / "locked").mkdir(mode=0)
    case = open_it(tree)
    assert case.paths == ["bin/busybox", "etc/hostname"]
    assert case.problems("not-permitted") == ["could not be read: Permission denied", "a directory or file could not be listed"]


def test_what_cannot_be_opened_is_a_problem(open_it, tree, monkeypatch):
    """As root every file can be read, so the refusal is made by hand."""
    real = unpack.formats.head_of

    def refuse(path, length=4096):
        if path.name == "shadow":
            raise PermissionError(13, "Permission denied")
        return real(path, length)

    monkeypatch.setattr(unpack.formats, "head_of", refuse)
    case = open_it(tree)
    assert case.paths == ["bin/busybox", "etc/hostname"]
    assert case.problems("not-permitted") == ["could not be read: Permission denied"]
    assert case.result.unopened == ("etc/shadow",)
    assert case.result.bytes_understood == case.result.bytes_total - len(SHADOW)


@pytest.mark.parametrize("name", [b"new\nline", b"bell\x07", b"esc\x1b[31m", b"caf\xe9", "right\u202eleft".encode(), b"a!b"])
def test_strange_names_are_kept(open_it, tree, name):
    with open(os.path.join(os.fsencode(tree), name), "wb") as file:
        file.write(b"x\n")
    case = open_it(tree)
    assert os.fsdecode(name).replace("!", "%21") in case.paths


def test_a_container_in_the_tree_is_opened(open_it, tree, tmp_path):
    if not shutil.which("mksquashfs"):
        pytest.skip("squashfs-tools are not installed")
    inner = make_squashfs(make_rootfs(tmp_path / "inner"), tmp_path / "inner.squashfs")
    (tree / "opt").mkdir()
    make_zip(tree / "opt/update.zip", {"rootfs": inner.read_bytes(), "version": b"1.2\n"})
    make_tar(tree / "opt/no-extension", tar_entry("../../etc/shadow", SHADOW))
    case = open_it(tree)
    assert case.contents["opt/update.zip!rootfs!etc/shadow"] == SHADOW
    assert case.contents["opt/no-extension!outside-the-archive/etc/shadow"] == SHADOW
    assert "opt/update.zip" not in case.paths
    assert case.tricks == {"path-traversal"}
    assert case.result.bytes_understood == case.result.bytes_total


def test_a_broken_container_in_the_tree_is_named_and_the_rest_is_read(open_it, tree):
    make_zip(tree / "good.zip", {"a": b"a\n"})
    (tree / "cut.zip").write_bytes(make_zip(tree / "whole.zip", {"a": noise(5000)}).read_bytes()[:2000])
    case = open_it(tree)
    assert case.result.unopened == ("cut.zip",)
    assert case.contents["good.zip!a"] == b"a\n"
    assert case.contents["etc/shadow"] == SHADOW
    assert case.problems("broken-input") == ["begins as zip but does not open: cut short or broken"]


def test_a_sealed_blob_in_the_tree_is_named(open_it, tree):
    (tree / "vault").write_bytes(noise(100_000))
    (tree / "seed").write_bytes(noise(512))
    case = open_it(tree)
    assert case.result.unopened == ("vault",)
    assert case.result.bytes_understood == case.result.bytes_total - 100_000
    assert {"vault", "seed"} <= set(case.paths)


def test_more_files_than_allowed_is_a_problem(open_it, tree):
    case = open_it(tree, unpack_files=2)
    assert case.paths == ["bin/busybox", "etc/hostname"]
    assert case.problems("limit-reached") == ["the directory has 3 files, more than unpack_files (2)"]


def test_a_tree_deeper_than_the_longest_path_is_a_problem(open_it, tree):
    back = os.open(".", os.O_RDONLY)
    try:
        os.chdir(tree)
        for _ in range(25):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        with open("deep", "w") as file:
            file.write("x")
    finally:
        os.chdir(back)
        os.close(back)
    case = open_it(tree)
    assert case.problems("not-permitted") == ["a directory or file could not be listed"]
    assert "etc/shadow" in case.paths


def test_an_empty_directory_is_nothing_and_no_problem_of_reading(open_it, tmp_path):
    (tmp_path / "empty").mkdir()
    case = open_it(tmp_path / "empty")
    assert (case.paths, case.result.bytes_total) == ([], 0)


def test_a_file_is_no_directory(tmp_path):
    (tmp_path / "f").write_text("x")
    with pytest.raises(Unreadable, match="not a directory"):
        unpack.list_tree(tmp_path / "f", "e1", STANDARD)
