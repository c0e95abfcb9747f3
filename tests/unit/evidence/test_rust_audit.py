"""Crates of programs written in Rust: sections of ELF and PE programs, put together byte by byte."""

from __future__ import annotations

import json
import struct
import zlib

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.packages.rust_audit import RustAuditReader
from asepsis.guard.inflate import Broken, inflate
from asepsis.guard.limits import LimitReached
from asepsis.model.facts import Component
from tests.unit.evidence.made_programs import pe
from tests.unit.evidence.reading import search

CRATES = {
    "packages": [
        {"name": "agent", "version": "0.3.0", "source": "local", "dependencies": [1, 2, 99, "x"], "root": True},
        {"name": "ring", "version": "0.16.20", "source": "crates.io"},
        {"name": "cc", "version": "1.0.0", "source": "crates.io", "kind": "build"},
        {"name": "forked", "version": "1.0.0", "source": "git"},
    ]
}
WANTED = [
    ("agent", "0.3.0", "", ("ring", "cc")),
    ("ring", "0.16.20", "pkg:cargo/ring@0.16.20", ()),
    ("forked", "1.0.0", "", ()),
]


def packed(whole: object = CRATES) -> bytes:
    return zlib.compress(json.dumps(whole).encode())


def sectioned(body: bytes, *, wide: bool = True, big: bool = False, name: bytes = b".dep-v0") -> bytes:
    """An ELF file of three sections: none, the names, and ``name`` with ``body``."""
    order, size, each = (">" if big else "<", 64, 64) if wide else (">" if big else "<", 52, 40)
    names = b"\0.shstrtab\0" + name + b"\0"
    at = size + len(names)
    row = struct.Struct(order + ("IIQQQQIIQQ" if wide else "IIIIIIIIII"))
    rows = [(0,) * 10, (1, 3, 0, 0, size, len(names), 0, 0, 1, 0), (11, 1, 0, 0, at, len(body), 0, 0, 1, 0)]
    head = b"\x7fELF" + bytes((2 if wide else 1, 2 if big else 1, 1)) + bytes(9) + struct.pack(order + "HHI", 3, 62, 1)
    head += struct.pack(order + ("QQQ" if wide else "III"), 0, 0, at + len(body)) + struct.pack(order + "I6H", 0, size, 0, 0, each, 3, 1)
    return head + names + body + b"".join(row.pack(*values) for values in rows)


def told(data: bytes) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(fact.name, fact.version, fact.purl, fact.depends) for fact in search(RustAuditReader(), data) if isinstance(fact, Component)]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("big", [False, True])
def test_the_crates_of_a_program_are_named(wide: bool, big: bool):
    assert told(sectioned(packed(), wide=wide, big=big)) == WANTED


def test_the_place_is_that_of_the_section():
    first, *_ = search(RustAuditReader(), sectioned(packed()))
    assert first.where.offset == 64 + len(b"\0.shstrtab\0.dep-v0\0")


def test_the_crates_of_a_program_of_windows_are_named():
    whole = bytearray(pe(signed=False).replace(b".rdata\0\0", b".dep-v0\0"))
    body = packed()
    whole[0x400 : 0x400 + len(body)] = body
    assert told(bytes(whole)) == WANTED


@pytest.mark.parametrize("body", [b"no stream", packed()[:20], packed([]), zlib.compress(b"{")])
def test_a_section_that_holds_something_else_is_said(body: bytes):
    with pytest.raises(Malformed):
        told(sectioned(body))


@pytest.mark.parametrize("whole", [{}, {"packages": 1}, {"packages": [1, {}, {"name": 2}]}])
def test_a_list_of_nothing_says_nothing(whole: object):
    assert told(sectioned(packed(whole))) == []


@pytest.mark.parametrize("data", [b"\x7fELF\2\1" + bytes(40) + b".dep-v0\0", b"MZ.dep-v0\0", b"a text about .dep-v0\0", sectioned(b"")[:-50]])
def test_the_name_alone_says_nothing(data: bytes):
    assert told(data) == []


def test_a_stream_that_claims_to_be_vast_is_stopped():
    with pytest.raises(LimitReached):
        inflate(zlib.compress(bytes(1000)), 999)
    assert inflate(zlib.compress(bytes(1000)), 1000) == bytes(1000)
    with pytest.raises(Broken):
        inflate(zlib.compress(bytes(1000))[:-3], 2000)
