"""Key stores of NSS, made here with SQLite: one private key, one secret key, and what is broken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat, Sealed, Sureness
from asepsis.evidence.readers.keys.nss_keys import NssKeysReader
from asepsis.model.facts import Fact, PrivateKey
from asepsis.model.secret import SecretForm
from tests.unit.evidence.reading import source_of

MODULUS = bytes([0xC1, *([0xA5] * 126), 0x0B])


def number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def store(folder: Path, rows: list[tuple[object, ...]], table: str = "nssPrivate", page: int = 4096) -> bytes:
    file = folder / "made.db"
    with sqlite3.connect(file) as database:
        database.execute(f"PRAGMA page_size={page}")
        database.execute(f"CREATE TABLE {table} (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0, a1, a100, a120, a122, a123)")
        database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    database.close()
    return file.read_bytes()


PRIVATE = (1, number(3), None, number(0), MODULUS, b"\1\0\1", b"encrypted-number")
SECRET = (2, number(4), None, number(0x1F), None, None, b"other")


def read(data: bytes, path: str = "home/a/.mozilla/firefox/x/key4.db") -> tuple[list[Fact], str]:
    facts: list[Fact] = []
    reader = NssKeysReader()
    assert reader.recognises(path, data[:4096]) is Sureness.YES
    try:
        reader.read(source_of(data, path), facts.append)
    except (Sealed, NotThisFormat) as error:
        return facts, f"{type(error).__name__} {error}"
    return facts, ""


def test_ordinary_a_private_key_is_told_and_that_its_password_was_not_tried(tmp_path: Path) -> None:
    (key,), ended = read(store(tmp_path, [PRIVATE, SECRET]))
    assert isinstance(key, PrivateKey)
    assert (key.algorithm, key.bits, key.encoding, key.encrypted, key.secret.form) == ("RSA", 1024, "nss", True, SecretForm.SEALED)
    assert ended == "Sealed the private keys of this store (NSS) are under its password; whether that is empty was not tried"
    assert "encrypted-number" not in repr(key)


def test_smallest_a_store_without_private_keys_says_nothing(tmp_path: Path) -> None:
    assert read(store(tmp_path, [SECRET])) == ([], "")


def test_a_database_of_another_kind_is_none(tmp_path: Path) -> None:
    assert read(store(tmp_path, [PRIVATE], "other")) == ([], "NotThisFormat ")


def test_an_old_store_is_recognised_and_not_read() -> None:
    facts, ended = read(b"\0\x06\x15\x61" + bytes(100), "etc/pki/nssdb/key3.db")
    assert (facts, ended.partition(" ")[0]) == ([], "Sealed")


def test_truncated(tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        read(store(tmp_path, [PRIVATE] * 1)[:5000])


def test_another_name_is_not_looked_at(tmp_path: Path) -> None:
    assert NssKeysReader().recognises("a/places.sqlite", store(tmp_path, [PRIVATE])[:4096]) is Sureness.NO
