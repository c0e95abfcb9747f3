"""dBase tables, built here."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat
from asepsis.evidence.readers.embedded.dbase import DbaseReader
from asepsis.model.facts import Fact, PatientDataStore
from tests.unit.evidence.reading import read_file, source_of


def table(*names: str, records: int = 3, version: int = 3, encrypted: bool = False) -> bytes:
    header = 32 + 32 * len(names) + 1
    head = struct.pack("<4BIHH", version, 121, 1, 1, records, header, 1 + 10 * len(names)) + bytes(3) + bytes([encrypted]) + bytes(16)
    fields = b"".join(name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([10]) + bytes(15) for name in names)
    return head + fields + b"\r" + (b" " + b"x" * 10 * len(names)) * records + b"\x1a"


def facts(data: bytes, path: str = "data/exams.dbf") -> list[Fact]:
    return read_file(DbaseReader(), data, path)


@pytest.mark.parametrize(("encrypted", "records"), [(False, 3), (True, 0)])
def test_a_table_of_patients_is_counted(encrypted: bool, records: int):
    (store,) = facts(table("LASTNAME", "BIRTHDATE", "DIAGNOSIS", records=records, encrypted=encrypted), "data/EXAMS.DBF")
    assert isinstance(store, PatientDataStore)
    assert (store.store, store.records, store.encrypted) == ("EXAMS.DBF", records, encrypted)


def test_a_table_of_version_7_has_longer_fields():
    names = ("Last Name", "BirthDateOfPatient", "Diagnosis")
    fields = b"".join(name.encode().ljust(32, b"\0") + b"C" + bytes([10]) + bytes(14) for name in names)
    head = struct.pack("<4BIHH", 4, 121, 1, 1, 2, 68 + len(fields) + 1, 31) + bytes(20) + b"DB437US0".ljust(32, b"\0") + bytes(4)
    (store,) = facts(head + fields + b"\r" + b"x" * 62 + b"\x1a")
    assert isinstance(store, PatientDataStore)
    assert store.records == 2


def test_a_table_of_other_things_and_other_files_say_nothing():
    assert facts(table("CITY", "POPULATION")) == []
    assert facts(table("LASTNAME", "BIRTHDATE"), "data/exams.bin") == []
    assert facts(b"", "a.dbf") == []


def test_a_table_cut_short_says_so_after_what_was_read():
    found: list[Fact] = []
    with pytest.raises(Malformed, match="3 records"):
        DbaseReader().read(source_of(table("MRN", "NAME", "SEX")[:-40], "a.dbf"), found.append)
    assert [fact.records for fact in found if isinstance(fact, PatientDataStore)] == [1]


def test_a_header_without_fields_is_another_format():
    with pytest.raises(NotThisFormat):
        facts(b"\x03" + bytes(100), "a.dbf")
