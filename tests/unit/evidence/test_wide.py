"""Secrets in text of UTF-16: whole files and the texts of Windows programs, with their places in the file."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols import wide
from asepsis.evidence.protocols.wide import MOST_PROGRAM, MOST_TEXT, wide_strings, wide_text
from asepsis.evidence.readers.firmware.pattern_rules import PatternRulesReader
from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader
from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader
from asepsis.guard.limits import LimitReached
from asepsis.model.evidence import Cause
from asepsis.model.facts import PrivateKey, StoredSecret
from tests.unit.evidence.reading import KEY, source_of
from tests.unit.evidence.test_private_keys import RSA_ENCODINGS

PASS = PatternPass((PrivateKeysReader(), UrlCredentialsReader(), PatternRulesReader()))
URL = "ftp://pump:Tq7-ward@up.net/"
ENCODINGS = {
    "mark, little end first": (BOM_UTF16_LE, "utf-16-le"),
    "mark, big end first": (BOM_UTF16_BE, "utf-16-be"),
    "no mark, little end first": (b"", "utf-16-le"),
    "no mark, big end first": (b"", "utf-16-be"),
}


def look(data: bytes, path: str = "opt/app/notes") -> Look:
    one = Look(source_of(data, path), 100)
    one.with_patterns(PASS)
    return one


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_secret_in_a_text_of_utf_16_is_found_at_its_line(name: str):
    mark, encoding = ENCODINGS[name]
    found = look(mark + f"# the ward\r\nfetch {URL}\r\npassword: Tq8-ward!\r\n".encode(encoding)).facts
    assert [(fact.where.line, fact.secret.digest) for fact in found if isinstance(fact, StoredSecret)] == [
        (line, KEY.redact(fact.secret.kind, fact.secret.form, secret).digest)
        for fact, line, secret in zip(found, (2, 3), ("Tq7-ward", "Tq8-ward!"), strict=True)
        if isinstance(fact, StoredSecret)
    ]


@pytest.mark.parametrize("before", ["key of the pump\r\n", "Schlüssel der Pumpe 💉\r\n"])
def test_the_place_of_a_key_counts_bytes_of_the_file(before: str):
    data = BOM_UTF16_LE + (before + RSA_ENCODINGS["pem pkcs1"].decode()).encode("utf-16-le")
    (key,) = look(data).facts
    assert isinstance(key, PrivateKey)
    assert key.where.offset == data.index("-----BEGIN".encode("utf-16-le"))


def test_a_secret_in_a_windows_program_is_found_at_its_place():
    data = b"MZ\x90\0" + b"\xff" * 60 + "Version 1".encode("utf-16-le") + b"\0\0\x01\x02" + URL.encode("utf-16-le") + b"\0\0"
    (fact,) = look(data, "Program Files/pump.exe").facts
    assert isinstance(fact, StoredSecret)
    assert (fact.subject, fact.where.offset, fact.where.line) == ("pump", data.index(URL.encode("utf-16-le")), None)
    assert look(data[2:], "bin/x").facts == []


def test_what_both_forms_hold_is_said_once():
    data = b"MZ\x90\0\0" + URL.encode() + b"\0\0" + URL.encode("utf-16-le") + b"\0\0"
    assert len(look(data, "Program Files/pump.exe").facts) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"\xff\xfe\0\0" + URL.encode("utf-32-le"), URL.encode() * 8, bytes(range(256)) * 8, b"a\0b\0", b"\0" * 4096],
    ids=["empty", "only a mark", "utf-32", "ascii", "binary", "too short", "zeros"],
)
def test_other_files_are_no_text_of_utf_16(data: bytes):
    copy = wide_text(source_of(data, "x"))
    assert copy is None or copy.size == 0
    assert wide_strings(source_of(data, "x")) is None


def test_broken_units_do_not_stop_the_rest():
    data = BOM_UTF16_LE + b"\x00\xd8" + f" {URL}\n".encode("utf-16-le") + b"\x41"
    assert len(look(data).facts) == 1


def test_what_is_too_large_is_said():
    with pytest.raises(LimitReached):
        wide_text(source_of(BOM_UTF16_LE + b"a\0" * (MOST_TEXT // 2), "x"))
    with pytest.raises(LimitReached):
        wide_strings(source_of(b"MZ" + bytes(MOST_PROGRAM), "x"))
    (problem,) = look(BOM_UTF16_LE + b"a\0" * (MOST_TEXT // 2)).problems
    assert (problem.cause, problem.what.split(":")[0]) == (Cause.LIMIT_REACHED, "Text in UTF-16")


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from([b"a\0" * 5, b"a\0" * 7, b"a\0" * 3000, b"\0", b"a", b"\xff", b"\n\0", b"\0\0", b"MZ", bytes(16_371)]), max_size=30
    )
)
def test_texts_are_those_that_the_expression_alone_would_find(parts: list[bytes]):
    data = memoryview(b"".join(parts))
    assert [found.span() for found in wide._texts(data)] == [found.span() for found in wide._TEXT.finditer(data)]


@pytest.mark.parametrize(("other", "known"), [(5, True), (6, False)])
def test_a_text_without_a_mark_is_one_if_nearly_all_of_its_units_are_plain(other: int, known: bool):
    units = "a" * (100 - other) + "\x01" * (other // 2) + "€" * (other - other // 2)
    assert (wide._encoding(units.encode("utf-16-le")) == ("utf-16-le", 0)) is known
    assert (wide._encoding(units.encode("utf-16-be")) == ("utf-16-be", 0)) is known
