"""What an archive tries is reported, and what it hides is read."""

# Paths here are made to be strange; pathlib would tidy them.
# ruff: noqa: PTH123, PTH208

import os
import stat
import tarfile
import zipfile

import pytest
from makers import SHADOW, cpio_entry, make_cpio, make_tar, make_zip, tar_entry

pytestmark = pytest.mark.slow


def test_a_traversing_tar_is_read_inside(open_it, tmp_path):
    tar = make_tar(tmp_path / "up.tar", tar_entry("../../etc/shadow", SHADOW), tar_entry("etc/hostname", b"pump\n"))
    case = open_it(tar)
    assert case.tricks == {"path-traversal"}
    assert [fact.entry for fact in case.result.hostile] == ["../../etc/shadow"]
    assert case.contents == {"up.tar!etc/hostname": b"pump\n", "up.tar!outside-the-archive/etc/shadow": SHADOW}
    assert case.problems("not-permitted") == ["../../etc/shadow: wants out of the archive; it was read under outside-the-archive"]


def test_an_absolute_path_in_a_tar_is_read_inside(open_it, tmp_path):
    case = open_it(make_tar(tmp_path / "up.tar", tar_entry("/etc/shadow", SHADOW)))
    assert case.tricks == {"absolute-path"}
    assert case.contents == {"up.tar!etc/shadow": SHADOW}


def test_an_entry_behind_a_link_is_not_lost(open_it, tmp_path):
    tar = make_tar(
        tmp_path / "up.tar",
        tar_entry("etc", kind=tarfile.SYMTYPE, target=str(tmp_path)),
        tar_entry("etc/shadow", SHADOW),
        tar_entry("after", b"still here\n"),
    )
    case = open_it(tar)
    assert case.tricks == {"link-escape"}
    assert case.contents == {"up.tar!after": b"still here\n", "up.tar!etc/shadow": SHADOW}


def test_a_hard_link_out_of_a_tar_is_not_made(open_it, tmp_path):
    tar = make_tar(tmp_path / "up.tar", tar_entry("stolen", kind=tarfile.LNKTYPE, target="/etc/hostname"), tar_entry("after", b"still here\n"))
    case = open_it(tar)
    assert case.tricks == {"link-escape"}
    assert case.paths == ["up.tar!after"]


def test_a_link_that_leads_out_is_reported(open_it, tmp_path):
    tar = make_tar(tmp_path / "up.tar", tar_entry("a/out", kind=tarfile.SYMTYPE, target="../../x"), tar_entry("b", b"b\n"))
    case = open_it(tar)
    assert case.tricks == {"link-escape"}
    assert case.paths == ["up.tar!b"]


def test_a_device_node_outside_dev_is_a_trick_and_one_inside_is_not(open_it, tmp_path):
    inside = make_tar(tmp_path / "in.tar", tar_entry("dev/null", kind=tarfile.CHRTYPE), tar_entry("b", b"b\n"))
    outside = make_tar(tmp_path / "out.tar", tar_entry("etc/passwd", kind=tarfile.BLKTYPE), tar_entry("b", b"b\n"))
    assert open_it(inside).tricks == set()
    case = open_it(outside)
    assert case.tricks == {"device-node"}
    assert case.paths == ["out.tar!b"]


def test_a_name_twice_is_read_twice_when_the_content_differs(open_it, tmp_path):
    tar = make_tar(
        tmp_path / "up.tar", tar_entry("etc/shadow", b"first\n"), tar_entry("etc/shadow", SHADOW), tar_entry("same", b"s"), tar_entry("same", b"s")
    )
    case = open_it(tar)
    assert case.contents == {"up.tar!etc/shadow": SHADOW, "up.tar!etc/shadow#1": b"first\n", "up.tar!same": b"s"}
    assert case.problems("broken-input") == ["etc/shadow: stands in the archive more than once with different content; each was read"]


def test_a_file_in_the_way_of_a_directory_is_kept_beside(open_it, tmp_path):
    case = open_it(make_tar(tmp_path / "up.tar", tar_entry("etc", b"a file\n"), tar_entry("etc/shadow", SHADOW)))
    assert case.contents == {"up.tar!etc#1": b"a file\n", "up.tar!etc/shadow": SHADOW}


def test_a_bad_header_in_a_tar_does_not_hide_what_follows(open_it, tmp_path):
    tar = make_tar(tmp_path / "up.tar", tar_entry("a", b"a" * 512), tar_entry("b", b"b" * 512), tar_entry("c", SHADOW))
    data = bytearray(tar.read_bytes())
    data[1024 + 148 : 1024 + 156] = b"9999999\0"
    tar.write_bytes(data)
    case = open_it(tar)
    assert SHADOW in case.contents.values()
    assert b"a" * 512 in case.contents.values()


def test_a_traversing_zip_is_read_inside(open_it, tmp_path):
    case = open_it(make_zip(tmp_path / "up.zip", {"../../etc/shadow": SHADOW, "/etc/hosts": b"h\n", "ok": b"ok\n"}))
    assert case.tricks == {"path-traversal", "absolute-path"}
    assert case.contents == {"up.zip!etc/hosts": b"h\n", "up.zip!ok": b"ok\n", "up.zip!outside-the-archive/etc/shadow": SHADOW}


def test_a_backslash_traversal_in_a_zip_is_reported(open_it, tmp_path):
    case = open_it(make_zip(tmp_path / "up.zip", {"..\\..\\windows\\sam": b"x\n"}))
    assert case.tricks == {"path-traversal"}
    assert list(case.contents.values()) == [b"x\n"]


def test_a_zip_entry_behind_a_link_is_not_lost(open_it, tmp_path):
    with zipfile.ZipFile(tmp_path / "up.zip", "w") as archive:
        link = zipfile.ZipInfo("etc")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(tmp_path))
        archive.writestr("etc/shadow", SHADOW)
    case = open_it(tmp_path / "up.zip")
    assert case.tricks == {"link-escape"}
    assert case.contents == {"up.zip!etc/shadow": SHADOW}


def test_an_encrypted_entry_does_not_shut_the_others(open_it, tmp_path):
    path = make_zip(tmp_path / "up.zip", {"open.txt": b"open\n", "shut.txt": b"shut\n"}, compression=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark, data.index(mark) + 4)
        data[at + flag] |= 1
    path.write_bytes(data)
    case = open_it(path)
    assert case.contents == {"up.zip!open.txt": b"open\n"}
    assert case.problems("not-permitted") == ["shut.txt: is encrypted and there is no password"]


def test_a_zip_method_that_nobody_knows_is_a_problem_and_the_rest_is_read(open_it, tmp_path):
    path = make_zip(tmp_path / "up.zip", {"good": b"good\n", "odd": b"odd\n"}, compression=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for mark, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.index(mark, data.index(mark) + 4)
        data[at + method] = 77
    path.write_bytes(data)
    case = open_it(path)
    assert case.contents["up.zip!good"] == b"good\n"
    assert "odd: is packed with a method this reader does not know" in case.problems("broken-input")


def test_a_traversing_cpio_is_read_inside(open_it, tmp_path):
    image = make_cpio(tmp_path / "up.cpio", cpio_entry(b"../../etc/shadow", SHADOW), cpio_entry(b"/init", b"#!/bin/sh\n", inode=2))
    case = open_it(image)
    assert case.tricks == {"path-traversal", "absolute-path"}
    assert case.contents == {"up.cpio!init": b"#!/bin/sh\n", "up.cpio!outside-the-archive/etc/shadow": SHADOW}


def test_a_cpio_name_that_is_no_utf_8_does_not_shut_the_archive(open_it, tmp_path):
    case = open_it(make_cpio(tmp_path / "up.cpio", cpio_entry(b"caf\xe9", b"x\n"), cpio_entry(b"etc/shadow", SHADOW, inode=2)))
    assert case.contents == {"up.cpio!caf\udce9": b"x\n", "up.cpio!etc/shadow": SHADOW}


def test_a_cpio_with_a_wrong_checksum_is_read_all_the_same(open_it, tmp_path):
    right = cpio_entry(b"right", b"abc", magic=b"070702", checksum=sum(b"abc"))
    wrong = cpio_entry(b"etc/shadow", SHADOW, magic=b"070702", checksum=1, inode=2)
    case = open_it(make_cpio(tmp_path / "up.cpio", right, wrong))
    assert case.contents == {"up.cpio!etc/shadow": SHADOW, "up.cpio!right": b"abc"}
    assert case.problems("broken-input") == ["etc/shadow: does not have the checksum the archive gives it; it was read all the same"]


def test_hard_links_in_a_cpio_are_one_file_with_names(open_it, tmp_path):
    image = make_cpio(
        tmp_path / "up.cpio",
        cpio_entry(b"bin/ash", b"", stat.S_IFREG | 0o755, inode=7, links=2),
        cpio_entry(b"bin/busybox", b"\x7fELF" + bytes(60), stat.S_IFREG | 0o755, inode=7, links=2),
    )
    case = open_it(image)
    assert [(file.where.path, file.link_names, file.executable) for file in case.result.files] == [("up.cpio!bin/ash", ("bin/busybox",), True)]


def test_a_cut_cpio_gives_what_is_there(open_it, tmp_path):
    whole = cpio_entry(b"etc/shadow", SHADOW) + cpio_entry(b"etc/long", b"x" * 9000, inode=2)
    (tmp_path / "up.cpio").write_bytes(whole[:2000])
    case = open_it(tmp_path / "up.cpio")
    assert SHADOW in [content[: len(SHADOW)] for content in case.contents.values()]
    assert case.problems("broken-input")


@pytest.mark.parametrize("name", ["new\nline", "bell\x07", "esc\x1b[31m", "caf\udce9", "right\u202eleft"])
def test_strange_names_are_kept(open_it, tmp_path, name):
    case = open_it(make_tar(tmp_path / "up.tar", tar_entry(name, b"x\n"), tar_entry("etc/shadow", SHADOW)))
    assert case.paths == sorted([f"up.tar!{name}", "up.tar!etc/shadow"])


def test_a_name_with_an_exclamation_mark_passes_for_no_container(open_it, tmp_path):
    case = open_it(make_tar(tmp_path / "up.tar", tar_entry("x!etc/shadow", SHADOW)))
    assert case.paths == ["up.tar!x%21etc/shadow"]


def test_a_name_beyond_the_file_system_is_read_under_a_number(open_it, tmp_path):
    case = open_it(make_tar(tmp_path / "up.tar", tar_entry("n" * 300, SHADOW), tar_entry("ok", b"ok\n")))
    assert case.contents == {"up.tar!entries-without-a-usable-name/1": SHADOW, "up.tar!ok": b"ok\n"}
    assert case.problems("limit-reached")


def test_two_thousand_directories_deep_ends_nothing(open_it, tmp_path):
    deep = "/".join(["d"] * 1500) + "/f"
    case = open_it(make_tar(tmp_path / "up.tar", tar_entry(deep, b"x\n"), tar_entry("etc/shadow", SHADOW)))
    assert "up.tar!etc/shadow" in case.paths
    assert f"up.tar!{deep}" in case.paths or case.problems("limit-reached")


def test_a_link_loop_in_an_archive_is_named(open_it, tmp_path):
    tar = make_tar(
        tmp_path / "up.tar",
        tar_entry("a", kind=tarfile.SYMTYPE, target="b"),
        tar_entry("b", kind=tarfile.SYMTYPE, target="a"),
        tar_entry("etc/shadow", SHADOW),
    )
    case = open_it(tar)
    assert case.paths == ["up.tar!etc/shadow"]
    assert case.problems("broken-input") == ["a symbolic link leads in a circle (and 1 more)"]


def test_the_sandbox_leaves_no_process_behind(open_it, tmp_path):
    before = set(os.listdir("/proc"))
    open_it(make_tar(tmp_path / "up.tar", tar_entry("etc/shadow", SHADOW)))
    new = [name for name in set(os.listdir("/proc")) - before if name.isdigit()]
    assert not [name for name in new if _parent(name) == os.getpid()]


def _parent(process: str) -> int:
    try:
        with open(f"/proc/{process}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return -1
