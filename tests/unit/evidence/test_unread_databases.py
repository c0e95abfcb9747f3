"""Databases that are recognised and not read."""

from __future__ import annotations

import random
import struct

import pytest

from asepsis.evidence.look import Look
from asepsis.evidence.readers.embedded.unread_databases import UnreadDatabasesReader
from asepsis.model.evidence import Cause
from asepsis.model.facts import PatientDataStore
from tests.unit.evidence.reading import source_of

FIELDS = ("PatientID", "LastName", "BirthDate")
ACCESS = b"\0\1\0\0Standard Jet DB\0" + bytes(4096) + b"\xff\0\xff".join(name.encode("utf-16-le") for name in FIELDS)
FIREBIRD = b"\1" + bytes(15) + struct.pack("<HH", 4096, 0x800B) + bytes(100)


def looked(data: bytes, path: str) -> Look:
    look = Look(source_of(data, path), 10)
    look.with_readers([UnreadDatabasesReader()])
    return look


@pytest.mark.parametrize(
    ("data", "path"),
    [(ACCESS, "data/pump.mdb"), (ACCESS.replace(b"Jet", b"ACE"), "x.accdb"), (FIREBIRD + b"\0PATIENT_ID\0LAST_NAME\0BIRTH_DATE", "data/ward.FDB")],
)
def test_a_database_of_patients_shows_itself_by_its_fields(data: bytes, path: str):
    look = looked(data, path)
    (store,) = look.facts
    assert isinstance(store, PatientDataStore)
    assert (store.store, store.records, store.encrypted) == (path.rsplit("/", 1)[-1], None, None)
    (problem,) = look.problems
    assert problem.cause is Cause.NOT_PERMITTED


@pytest.mark.parametrize(("data", "path"), [(ACCESS[:4000], "data/parts.mdb"), (FIREBIRD, "data/parts.gdb")])
def test_any_other_is_said_to_be_not_read(data: bytes, path: str):
    look = looked(data, path)
    assert look.facts == []
    assert "not read" in look.problems[0].what


def test_an_encrypted_database_is_sealed():
    look = looked(random.Random(1).randbytes(16384), "data/records.db")
    assert look.facts == []
    assert "encrypted" in look.problems[0].what


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"", "a.db"),
        (random.Random(1).randbytes(16384), "data/records.bin"),
        (random.Random(1).randbytes(16384 + 7), "data/records.db"),
        (random.Random(1).randbytes(4096) + bytes(16384), "data/records.db"),
        (b"SQLite format 3\0" + bytes(8192), "data/records.db"),
        (bytes(200), "a.fdb"),
    ],
)
def test_other_files_say_nothing(data: bytes, path: str):
    look = looked(data, path)
    assert (look.facts, look.problems) == ([], [])
