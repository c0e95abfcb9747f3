"""Build information of programs written in Go, in both forms, put together byte by byte."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.readers.packages.go_build_info import GoBuildInfoReader
from asepsis.model.facts import Component, Confidence
from tests.unit.evidence.made_programs import BASE, elf, pe
from tests.unit.evidence.reading import search

MAGIC = b"\xff Go buildinf:"
MODULES = (
    "path\tgithub.com/example/agent/cmd\n"
    "mod\tgithub.com/example/agent\t(devel)\t\n"
    "dep\tgithub.com/gin-gonic/gin\tv1.6.3\th1:aaaa=\n"
    "dep\tgolang.org/x/crypto\tv0.1.0\th1:bbbb=\n"
    "=>\tgithub.com/example/crypto\tv0.1.1\th1:cccc=\n"
    "dep\tgithub.com/example/local\tv0.0.0\n"
    "=>\t./local\n"
    "build\t-ldflags=-X main.token=Zq7-known-secret-9\n"
)
WANTED = [
    ("Go", "1.20.3", "pkg:golang/stdlib@1.20.3"),
    ("github.com/example/agent", "", "pkg:golang/github.com/example/agent"),
    ("github.com/gin-gonic/gin", "1.6.3", "pkg:golang/github.com/gin-gonic/gin@v1.6.3"),
    ("github.com/example/crypto", "0.1.1", "pkg:golang/github.com/example/crypto@v0.1.1"),
    ("github.com/example/local", "0.0.0", "pkg:golang/github.com/example/local@v0.0.0"),
]


BEGIN, END = bytes.fromhex("3077af0c9274080241e1c107e6d618e6"), bytes.fromhex("f932433186182072008242104116d8f2")


def framed(modules: str = MODULES) -> bytes:
    return BEGIN + modules.encode() + END


def counted(text: bytes) -> bytes:
    length, whole = len(text), b""
    while length >= 0x80:
        whole, length = whole + bytes((length & 0x7F | 0x80,)), length >> 7
    return whole + bytes((length,)) + text


def inline(version: bytes = b"go1.20.3", modules: bytes = framed()) -> bytes:
    """As the linker writes it since Go 1.18."""
    return (MAGIC + bytes((8, 2))).ljust(32, b"\0") + counted(version) + counted(modules)


def pointed(at: int, *, wide: bool, big: bool) -> bytes:
    """As before: two pointers to the headers of strings, everything from the address ``at`` on."""
    layout = (">" if big else "<") + ("QQ" if wide else "II")
    size, modules = struct.calcsize(layout), framed()
    texts = at + 32 + 2 * size
    headers = struct.pack(layout, texts, 8) + struct.pack(layout, texts + 8, len(modules))
    start = (MAGIC + bytes((size // 2, int(big))) + struct.pack(layout, at + 32, at + 32 + size)).ljust(32, b"\0")
    return start + headers + b"go1.20.3" + modules


def told(data: bytes) -> list[tuple[str, str, str]]:
    return [(fact.name, fact.version, fact.purl) for fact in search(GoBuildInfoReader(), data) if isinstance(fact, Component)]


def test_the_modules_of_a_program_are_named():
    first, *_ = search(GoBuildInfoReader(), b"\x7fELF" + bytes(60) + inline())
    assert isinstance(first, Component)
    assert (first.where.offset, first.method, first.confidence) == (64, "build information", Confidence.CONFIRMED)
    assert told(inline()) == WANTED


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("big", [False, True])
def test_an_older_program_points_at_them(wide: bool, big: bool):
    how = {"imports": (), "interpreter": b"", "relro": False, "wide": wide, "big": big, "machine": 8}
    start = len(elf(**how))
    assert told(elf(**how, tail=pointed(BASE + start, wide=wide, big=big))) == WANTED


def test_a_program_of_windows_points_at_them():
    whole = bytearray(pe(signed=False).ljust(0x800, b"\0"))
    info = pointed(0x400000 + 0x1010, wide=True, big=False)
    whole[0x410 : 0x410 + len(info)] = info
    assert told(bytes(whole)) == WANTED


def test_no_setting_of_the_build_is_told():
    assert "Zq7" not in repr(search(GoBuildInfoReader(), inline()))


@pytest.mark.parametrize(
    "data",
    [
        MAGIC,
        MAGIC + bytes(40),
        inline(version=b"devel +abc"),
        inline(version=b"x" * 8),
        inline()[:60],
        (MAGIC + bytes((8, 2))).ljust(32, b"\0") + b"\xff" * 12,
        elf(tail=MAGIC + bytes((8, 0)) + b"\xff" * 64),
        elf(tail=MAGIC + bytes((7, 0)) + bytes(64)),
    ],
)
def test_the_magic_alone_says_nothing(data: bytes):
    assert told(data) == []


def test_a_program_that_reads_such_information_has_the_magic_twice():
    assert told(MAGIC + bytes(64) + inline() + inline(b"go1.1")) == WANTED


def test_a_program_without_modules_still_says_its_go():
    assert told(inline(modules=b"")) == WANTED[:1]
    assert told(inline(b"go1.19.8 X:boringcrypto", b""))[0][1] == "1.19.8"
