"""The promise of every reader's signs: whatever it recognises shows one, and the engine sees each sign that ``re`` sees.

A reader that a file is not put to cannot say that it would have known it: these tests, and every fuzz target of a reader of files, stand between a
sign that is too narrow and silence.
"""

from __future__ import annotations

import re
import tomllib
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asepsis.evidence.candidates import Candidates
from asepsis.evidence.look import HEAD_BYTES
from asepsis.evidence.reader import Reader, Signs, Sureness
from asepsis.evidence.readers import FILE_READERS
from tests.contracts.test_readers import CASE_FILES, PLACES, SECRET

ALL = Candidates(FILE_READERS)
CASES = [tomllib.loads(file.read_text("utf-8")) for file in CASE_FILES]
PATHS = sorted({*PLACES, *(case["path"] for case in CASES), "etc/x", "bin/x"})
OWN = {
    reader.info.name: [case["text"].encode() for file, case in zip(CASE_FILES, CASES, strict=True) if file.parts[-3] == reader.info.name]
    for reader in FILE_READERS
}
names = pytest.mark.parametrize("reader", FILE_READERS, ids=lambda reader: reader.info.name)
quick = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)


def shows(signs: Signs, path: str, head: bytes) -> bool:
    """What signs mean, as ``re`` reads them."""
    if signs.text and b"\0" in head:
        return False
    forms = (head, head.replace(b"\0", b""))
    return any(sign.search(path) for sign in signs.paths) or any(sign.search(form) for sign in signs.heads for form in forms)


def heads(texts: list[bytes]) -> list[bytes]:
    """Beginnings of files, and what else may come of them: UTF-16, other ends of lines, zeros, cut, after a mark."""
    changed = [
        form
        for head in texts
        for form in (
            head,
            head.decode("latin-1").encode("utf-16"),
            head.replace(b"\n", b"\r\n"),
            head.replace(b"\n", b"\0"),
            b"\xef\xbb\xbf" + head,
            b"\n \n" + head,
            head.upper(),
            head[: len(head) // 2],
        )
    ]
    return sorted({head[:HEAD_BYTES] for head in (*changed, b"\0" * HEAD_BYTES)})


EVERYBODYS = heads([PLACES[path].format(SECRET).encode() for path in PLACES])


@names
def test_a_reader_has_a_sign(reader: Reader):
    assert reader.signs.paths or reader.signs.heads


@names
def test_what_a_reader_recognises_shows_its_signs(reader: Reader):
    pairs = [*product(PATHS, heads(OWN[reader.info.name])), *product(["opt/a", f"opt/a.{reader.info.name}"], EVERYBODYS)]
    missed = [(path, head) for path, head in pairs if reader.recognises(path, head) is not Sureness.NO and not shows(reader.signs, path, head)]
    assert missed == []


@names
@quick
@given(data=st.data())
def test_the_engine_sees_every_path_that_a_sign_is_in(reader: Reader, data: st.DataObject):
    for sign in reader.signs.paths:
        path = data.draw(st.from_regex(sign)).lstrip("\n")
        if sign.search(path):
            assert reader in ALL.of(path, b"text"), path


@names
@quick
@given(data=st.data())
def test_the_engine_sees_every_head_that_a_sign_is_in(reader: Reader, data: st.DataObject):
    for sign in reader.signs.heads:
        head = data.draw(st.from_regex(sign))[:HEAD_BYTES]
        if shows(Signs(heads=(sign,), text=reader.signs.text), "", head):
            assert reader in ALL.of("x", head), head


def test_the_engine_sees_what_re_sees_in_every_known_head():
    for head in {*EVERYBODYS, *(head for name in OWN for head in heads(OWN[name][:3]))}:
        asked = ALL.of("opt/a file", head)
        assert [one.info.name for one in FILE_READERS if one not in asked and shows(one.signs, "opt/a file", head)] == []


@pytest.mark.parametrize("path", ["opt/gerät/etc/ſhadow", "a\n/etc/shadow", "etc/\udcffshadow"])
def test_a_path_that_is_not_plain_is_put_to_every_reader_that_goes_by_paths(path: str):
    by_path = [reader for reader in FILE_READERS if reader.signs.paths]
    assert [reader for reader in ALL.of(path, b"text") if reader in by_path] == by_path


def test_few_readers_are_asked_of_an_ordinary_file():
    assert [reader.info.name for reader in ALL.of("usr/lib/libc.so.6", b"\x7fELF\2\1\1")] == ["elf_hardening", "linkage", "program_names"]
    assert ALL.of("usr/share/zoneinfo/UTC", b"TZif2\0\0") == []
    assert [reader.info.name for reader in ALL.of("etc/shadow", b"root:x:1:")] == ["passwd", "shadow"]


def test_a_compiled_copy_asks_the_same_readers():
    again = Candidates(FILE_READERS, ALL.compiled)
    for path in PATHS:
        assert again.of(path, b"#!/bin/sh\n") == ALL.of(path, b"#!/bin/sh\n")


def test_readers_without_a_sign_of_one_sort_are_asked_by_the_other():
    by_path, by_head = ([reader for reader in FILE_READERS if reader.info.name == name] for name in ("shadow", "uimage"))
    assert Candidates(by_path).of("etc/shadow", b"") == by_path
    assert Candidates(by_head).of("", b"\x27\x05\x19\x56") == by_head
    assert Candidates(by_head).of("etc/shadow", b"") == Candidates(by_path).of("uimage", b"\x27\x05\x19\x56") == []


def test_no_sign_of_paths_means_different_bytes_to_the_engine():
    r"""Of printable ASCII, ``\w``, ``\d`` and ``\b`` are the same to both; ``\s`` of text is not, so no path is asked for it."""
    assert [reader.info.name for reader in FILE_READERS for sign in reader.signs.paths if re.search(r"\\[sS]|\(\?[aux]", sign.pattern)] == []
