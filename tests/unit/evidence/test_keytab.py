"""Kerberos key tables, built here byte by byte."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat, Sureness
from asepsis.evidence.readers.network.keytab import KeytabReader
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import KEY, read_file, source_of

READER = KeytabReader()
PATH = "etc/krb5.keytab"
SECRET = bytes(range(32))


def counted(text: bytes, order: str) -> bytes:
    return struct.pack(f"{order}H", len(text)) + text


def entry(principal: str = "host/pump", realm: str = "WARD.TEST", key: bytes = SECRET, order: str = ">") -> bytes:
    names = [name.encode() for name in principal.split("/")]
    body = struct.pack(f"{order}H", len(names) + (order == "<")) + b"".join(counted(text, order) for text in (realm.encode(), *names))
    body += struct.pack(f"{order}II", 1, 0) + b"\1" + struct.pack(f"{order}H", 18) + counted(key, order)
    return struct.pack(f"{order}i", len(body)) + body


def test_ordinary():
    (first, second) = read_file(READER, b"\5\2" + entry() + entry("pump", key=b"other"), PATH)
    assert (first.subject, first.key_name, first.store, first.opens) == ("host/pump@WARD.TEST", "encryption type 18", "keytab", "kerberos")
    assert (first.secret.kind, first.secret.form) == (SecretKind.KEY, SecretForm.DERIVED)
    assert first.secret.digest == KEY.redact(SecretKind.KEY, SecretForm.DERIVED, SECRET).digest
    assert first.where.offset == 6
    assert second.subject == "pump@WARD.TEST"


def test_the_old_version_has_the_byte_order_of_its_machine_and_counts_the_realm():
    (fact,) = read_file(READER, b"\5\1" + entry(order="<"), PATH)
    assert fact.subject == "host/pump@WARD.TEST"


def test_a_hole_is_skipped_and_zero_ends_the_table():
    (size,) = struct.unpack(">i", entry()[:4])
    hole = struct.pack(">i", -size) + entry()[4:]
    assert [fact.subject for fact in read_file(READER, b"\5\2" + hole + entry("b") + bytes(4) + entry("c"), PATH)] == ["b@WARD.TEST"]


def test_any_name_will_do_if_the_first_entry_is_plausible():
    assert READER.recognises("x.bin", b"\5\2" + entry()) is Sureness.MAYBE
    assert READER.recognises("x.bin", b"\5\2" + bytes(40)) is Sureness.NO
    assert READER.recognises("etc/krb5.keytab", b"\5\3" + entry()) is Sureness.NO


def test_smallest_and_empty_tables_give_nothing():
    assert read_file(READER, b"\5\2", PATH) == []
    assert read_file(READER, b"", PATH) == []


def test_truncated_after_an_entry_keeps_it_and_says_so():
    facts = []
    with pytest.raises(Malformed, match="beyond its end"):
        READER.read(source_of(b"\5\2" + entry() + entry()[:20], PATH), facts.append)
    assert len(facts) == 1


@pytest.mark.parametrize(
    "data", [entry()[:20], struct.pack(">i", 2**31 - 1), struct.pack(">iH", 6, 65535) + b"\xff\xff\0\0", struct.pack(">i", -(2**31))]
)
def test_corrupt_from_the_start_is_not_this_format(data: bytes):
    facts = []
    with pytest.raises(NotThisFormat):
        READER.read(source_of(b"\5\2" + data, PATH), facts.append)
    assert facts == []


def test_very_many_entries_are_bounded():
    assert len(read_file(READER, b"\5\2" + entry() * 12_000, PATH)) == 10_000
