"""The note of its package in a program, put together byte by byte."""

from __future__ import annotations

import json
import struct

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.packages.package_note import PackageNoteReader
from asepsis.model.facts import Component, Confidence
from tests.unit.evidence.reading import search

SAID = {"type": "deb", "os": "debian", "name": "openssl", "version": "1:1.1.1n-0+deb11u3", "architecture": "arm64", "debugInfoUrl": "x"}


def note(said: object = SAID, *, order: str = "<", length: int | None = None, owner: int = 4) -> bytes:
    """A program with one note."""
    body = json.dumps(said).encode() + b"\0"
    head = struct.pack(order + "3I", owner, len(body) if length is None else length, 0xCAFE1A7E)
    return b"\x7fELF" + bytes(60) + head + b"FDO\0" + body + bytes(8)


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_package_of_a_program_is_named(order: str):
    (found,) = search(PackageNoteReader(), note(order=order))
    assert isinstance(found, Component)
    assert (found.name, found.version, found.product) == ("openssl", "1.1.1n", "openssl")
    assert (found.method, found.confidence, found.where.offset) == ("package note", Confidence.CONFIRMED, 72)
    assert found.purl == "pkg:deb/debian/openssl@1:1.1.1n-0%2Bdeb11u3?arch=arm64"


@pytest.mark.parametrize("changed", [{"os": "maker-os"}, {"type": "pump"}, {"type": 7}, {"os": None}])
def test_what_a_maker_calls_its_own_build_is_no_package_url(changed: dict[str, object]):
    (found,) = search(PackageNoteReader(), note({**SAID, **changed}))
    assert isinstance(found, Component)
    assert (found.name, found.purl) == ("openssl", "")


@pytest.mark.parametrize(
    "data",
    [
        note({"type": "deb"}),
        note({**SAID, "name": ["a"]}),
        note(owner=5),
        note(length=0),
        note(length=0xFFFFFFFF),
        b"\x7e\x1a\xfe\xcaFDO\0{",
        b"\x7fELF FDO\0{}",
    ],
)
def test_what_names_nothing_or_is_no_note_says_nothing(data: bytes):
    assert search(PackageNoteReader(), data) == []


@pytest.mark.parametrize("length", [5, 12])
def test_a_note_that_is_cut_short_is_said_with_its_place(length: int):
    with pytest.raises(Malformed, match="no JSON") as raised:
        search(PackageNoteReader(), note(length=length))
    assert raised.value.offset == 72
