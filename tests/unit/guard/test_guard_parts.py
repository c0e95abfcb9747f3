"""The small parts of unpacking, each alone."""

from pathlib import Path

import pytest

from asepsis.guard import formats, tools, trouble
from asepsis.guard.account import GAP_BYTES
from asepsis.guard.archive_tricks import in_device_folder, normalise
from asepsis.guard.chain import Extraction, quote
from asepsis.guard.opened import Opened, Piece, from_message, to_message
from asepsis.guard.squashfs import superblock
from asepsis.guard.tree import MOST_NAMES, FoundFile, Tree, follow_links
from asepsis.guard.trouble import Trouble, decode, diagnose, encode
from asepsis.model.evidence import Cause


def extraction(name: str) -> Extraction:
    return Extraction("e1", Path("/in", name), Path("/out"), "~s", name)


@pytest.mark.parametrize(
    ("name", "path", "chain"),
    [
        ("pump.bin", "", "pump.bin"),
        ("pump.bin", "pump.bin~s/65536-70000.squashfs_v4_le~s/etc/shadow", "pump.bin!65536-70000.squashfs_v4_le!etc/shadow"),
        ("rootfs.tar.bz2", "rootfs.tar.bz2~s/bzip2.uncompressed~s/etc/shadow", "rootfs.tar.bz2!rootfs.tar!etc/shadow"),
        ("r.tgz", "r.tgz~s/gzip.uncompressed~s/a", "r.tgz!r.tar!a"),
        ("fw", "fw~s/10-20.xz~s/xz.uncompressed", "fw!10-20.xz!xz.uncompressed"),
        ("fw.zip", "fw.zip~s/opt/x.gz~s/gzip.uncompressed", "fw.zip!opt/x.gz!x"),
        ("fw.zip", "fw.zip~s/a!b/c", "fw.zip!a%21b/c"),
        ("fw.zip", "fw.zip~s/opt/gzip.uncompressed", "fw.zip!opt/gzip.uncompressed"),
    ],
)
def test_a_chain_tells_containers_from_directories(name, path, chain):
    assert extraction(name).chain(path) == chain


def test_only_the_chain_mark_is_quoted():
    assert quote("a!b c%") == "a%21b c%"


@pytest.mark.parametrize(
    ("name", "parts", "escaped"),
    [
        ("a/./b//c", ("a", "b", "c"), False),
        ("/etc/passwd", ("etc", "passwd"), False),
        ("a/../b", ("b",), False),
        ("../b", ("b",), True),
        ("a/../../b", ("b",), True),
        ("a/..", (), False),
        ("", (), False),
        ("..", (), True),
        ("...", ("...",), False),
    ],
)
def test_names_are_normalised(name, parts, escaped):
    assert normalise(name) == (parts, escaped)


@pytest.mark.parametrize(
    ("name", "ordinary"), [("dev/null", True), ("lib/udev/devices/console", True), ("etc/passwd", False), ("dev", False), ("null", False)]
)
def test_device_nodes_are_ordinary_under_dev(name, ordinary):
    assert in_device_folder(name) is ordinary


def resolve(links: dict[str, str], files: tuple[str, ...] = ("etc/shadow",), roots=frozenset()):
    return follow_links(Tree([FoundFile(path, 1, executable=False) for path in files], dict(links)), roots)


@pytest.mark.parametrize("target", ["shadow", "./shadow", "../etc/shadow", "/etc/shadow", "//etc/./shadow", "/x/../etc/shadow"])
def test_links_to_a_file_are_its_names(target):
    assert resolve({"etc/l": target}).names == {"etc/shadow": ("etc/l",)}


def test_a_link_through_linked_directories_is_followed():
    found = resolve({"config": "etc", "a": "config/b", "etc/b": "shadow"})
    assert found.names == {"etc/shadow": ("a", "etc/b")}


def test_loops_and_ways_out_are_told_apart():
    found = resolve({"a": "b", "b": "a", "up": "../x", "gone": "nowhere", "deep": "deep/deep/deep"})
    assert found.loops == ("a", "b", "deep")
    assert found.outside == ("up",)
    assert found.names == {}


def test_an_absolute_link_starts_at_its_own_container():
    found = resolve({"f~s/bin/sh": "/bin/busybox", "f~s/out": "../x"}, ("f~s/bin/busybox",), frozenset({"f~s"}))
    assert found.names == {"f~s/bin/busybox": ("bin/sh",)}
    assert found.outside == ("f~s/out",)


def test_a_file_has_no_more_names_than_any_program_needs():
    assert len(resolve({f"l{number:04}": "etc/shadow" for number in range(2000)}).names["etc/shadow"]) == MOST_NAMES


def ext_head(**changes: bytes) -> bytes:
    head = bytearray(2048)
    head[0x438:0x43A], head[0x43A:0x43C], head[0x43C:0x43E] = b"\x53\xef", b"\1\0", changes.get("errors", b"\1\0")
    return bytes(head)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"hsqs" + bytes(92), "squashfs"),
        (b"PK\x03\x04" + bytes(30), "zip"),
        (b"0707010000", "cpio"),
        (b"BZh91AY&SY\0", "bzip2"),
        (ext_head(), "ext"),
        (bytes(257) + b"ustar\0" + bytes(10), "tar"),
        (b"\x85\x19\x01\xe0" + bytes(8), "jffs2"),
    ],
)
def test_containers_are_known_by_their_first_bytes(head, name):
    found = formats.container(head)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("head", [b"BZh9 is how bzip2 begins\n", b"hsqs", b"BZhello\0", ext_head(errors=b"\x77\x77"), b"", b"HDR0\n"])
def test_what_only_looks_like_a_container_is_none(head):
    assert formats.container(head) is None


@pytest.mark.parametrize(
    ("name", "size", "head", "candidate"),
    [
        ("a.txt", 10, b"text\n", False),
        ("a.zip", 10, b"text\n", False),
        ("a.zip", 10, b"\0\1\2", True),
        ("noname", 10, b"PK\x03\x04\0", True),
        ("blob.bin", 100, b"\0\1", False),
        ("blob.bin", 70_000, b"\0\1", True),
        ("prog.bin", 70_000, b"\x7fELF\1", False),
        ("empty.zip", 0, b"", False),
        ("pic.img", 9000, b"\x89PNG\r\n\x1a\n", False),
    ],
)
def test_candidates_are_chosen_by_magic_or_name(name, size, head, candidate):
    assert formats.is_candidate(name, size, head) is candidate


@pytest.mark.parametrize(
    ("content", "padding"),
    [
        (b"\xff" * 9000, True),
        (b"\0" * 9000 + b"\xde\xad\xc0\xde", True),
        (b"\xff" * 9000 + b"x", False),
        (b"", False),
        (b"\0" * (1 << 20) + b"\xde\xad\xc0\xde", True),
        (b"\0" * (1 << 20) + b"\1", False),
    ],
)
def test_padding_is_one_byte_over_and_over(tmp_path, content, padding):
    (tmp_path / "gap").write_bytes(content)
    assert formats.is_padding(tmp_path / "gap") is padding


def test_text_is_text_to_its_end(tmp_path):
    (tmp_path / "t").write_bytes(b"a\tb\r\n" * 2000 + "é\n".encode())
    (tmp_path / "b").write_bytes(b"a\n" * 5000 + b"\0")
    assert formats.is_text(tmp_path / "t")
    assert not formats.is_text(tmp_path / "b")


def test_an_intel_hex_image_is_text_that_is_not_understood(tmp_path):
    (tmp_path / "fw.hex").write_bytes(b":10010000214601360121470136007EFE09D2190140\n:00000001FF\n")
    assert not formats.understood(tmp_path / "fw.hex", 57, formats.head_of(tmp_path / "fw.hex"))


def test_entropy_in_bits():
    assert formats.entropy(b"") == 0
    assert formats.entropy(b"aaaa") == 0
    assert formats.entropy(b"abab") == 1
    assert formats.entropy(bytes(range(256))) == 8


def test_a_superblock_must_make_sense():
    good = bytearray(96)
    good[:4], good[12:16], good[20:22], good[22:24], good[28:30] = b"hsqs", b"\0\0\2\0", b"\1\0", b"\x11\0", b"\4\0"
    good[40:48] = (4096).to_bytes(8, "little")
    found = superblock(bytes(good))
    assert found is not None
    assert found.bytes_used == 4096
    assert superblock(bytes(good[:50])) is None
    good[22] = 3
    assert superblock(bytes(good)) is None


def test_what_a_child_says_survives_the_way():
    said = Opened(
        "a~s/caf\udce9", 10, (Piece("zip", 0, 5, (Trouble(Cause.NOT_PERMITTED, "w", "e\n\udcff", "bomb", "p", shut=True),)),), ((5, 10),), True, "tar"
    )
    assert from_message(decode(encode(to_message(said)))) == said


@pytest.mark.parametrize("payload", [b"[]", b"{", b"\xff", b"1"])
def test_nonsense_is_a_value_error(payload):
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
        decode(payload)


@pytest.mark.parametrize(
    ("text", "code", "cause", "what"),
    [
        ("write: No space left on device", 2, Cause.LIMIT_REACHED, "the disk is full"),
        ("OSError: [Errno 28] x", 1, Cause.LIMIT_REACHED, "the disk is full"),
        ("", -25, Cause.LIMIT_REACHED, "a file would grow beyond unpack_one_file_bytes"),
        ("", -24, Cause.LIMIT_REACHED, "the processor time unpack_cpu_seconds is used up"),
        ("", -11, Cause.BROKEN_INPUT, "7z was ended by signal 11 while it read the content"),
        ("CRC Failed in /home/me/x", 2, Cause.BROKEN_INPUT, "7z could not read all of it: broken, cut short, or of a variant it does not know"),
    ],
)
def test_a_failed_program_is_understood_without_repeating_its_words(text, code, cause, what):
    assert (diagnose("7z", text, code).cause, diagnose("7z", text, code).what) == (cause, what)


def test_a_gap_belongs_to_a_container_only_from_one_half_on():
    piece = Piece("xz", 0, 50)
    assert Opened("", 100, (piece,)).mostly_container
    assert not Opened("", 101, (piece,)).mostly_container
    assert GAP_BYTES == 4096


def test_missing_programs_are_named_with_their_package(tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "search_path", lambda: str(tmp_path))
    names = [tool.program for tool in tools.missing()]
    assert names == [tool.program for tool in tools.TOOLS]
    (tmp_path / "7z").write_text("#!/bin/sh\n")
    (tmp_path / "7z").chmod(0o755)
    assert "7z" not in [tool.program for tool in tools.missing()]
    assert tools.describe_missing("7z") == "7z is not installed (Debian package 7zip)"
    assert tools.describe_missing("sasquatch") == "sasquatch is not installed"
    assert tools.describe_missing("elsewhere") == "elsewhere is not installed"


def test_one_container_says_no_more_than_a_thousand_things():
    assert len(trouble.pack([Trouble(Cause.BROKEN_INPUT, "x")] * 5000)) == 1000
