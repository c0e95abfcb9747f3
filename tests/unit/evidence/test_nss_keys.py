"""Key stores of NSS, made here with SQLite: one private key, one secret key, and what is broken."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from asepsis.evidence.reader import Malformed, NotThisFormat, Sealed, Sureness
from asepsis.evidence.readers.keys.nss_keys import NssKeysReader
from asepsis.model.facts import Fact, PrivateKey
from asepsis.model.secret import SecretForm
from tests.unit.evidence.reading import source_of

MODULUS = bytes([0xC1, *([0xA5] * 126), 0x0B])


def number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def der(tag: int, data: bytes) -> bytes:
    return bytes([tag, *([len(data)] if len(data) < 128 else [0x81, len(data)])]) + data


def sequence(*parts: bytes) -> bytes:
    return der(0x30, b"".join(parts))


OID_PBES2, OID_PBKDF2 = der(6, bytes.fromhex("2a864886f70d01050d")), der(6, bytes.fromhex("2a864886f70d01050c"))
OID_SHA256, OID_AES = der(6, bytes.fromhex("2a864886f70d0209")), der(6, bytes.fromhex("60864801650304012a"))
OID_TRIPLE_DES = der(6, bytes.fromhex("2a864886f70d010c050103"))
Check = tuple[str, bytes | None, bytes | None]


def store(
    folder: Path, rows: list[tuple[object, ...]], table: str = "nssPrivate", page: int = 4096, meta: Check | None = None, column: str = "a123"
) -> bytes:
    file = folder / "made.db"
    with sqlite3.connect(file) as database:
        database.execute(f"PRAGMA page_size={page}")
        database.execute(f"CREATE TABLE {table} (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0, a1, a100, a120, a122, {column})")
        if meta:
            database.execute("CREATE TABLE metaData (id PRIMARY KEY UNIQUE ON CONFLICT REPLACE, item1, item2)")
            database.execute("INSERT INTO metaData VALUES (?, ?, ?)", meta)
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


def aes_check(password: bytes, iterations: int = 1) -> tuple[str, bytes, bytes]:
    """The row of ``metaData`` as NSS 3.87 writes it."""
    salt, entry, vector = bytes(range(20)), bytes(range(32)), bytes(range(14))
    key = hashlib.pbkdf2_hmac("sha256", hashlib.sha1(salt + password).digest(), entry, iterations, 32)
    encryptor = Cipher(AES(key), CBC(b"\x04\x0e" + vector)).encryptor()
    text = encryptor.update(b"password-check\2\2") + encryptor.finalize()
    hashed = sequence(OID_SHA256)
    derivation = sequence(OID_PBKDF2, sequence(der(4, entry), der(2, iterations.to_bytes(4, "big")), der(2, b"\x20"), hashed))
    return "password", salt, sequence(sequence(OID_PBES2, sequence(derivation, sequence(OID_AES, der(4, vector)))), der(4, text))


def triple_des_check(password: bytes) -> tuple[str, bytes, bytes]:
    """The row as NSS before 3.49 wrote it: its own derivation, from SHA-1 and HMAC."""
    salt, entry = bytes(range(20)), bytes(range(16))
    start = hashlib.sha1(hashlib.sha1(salt + password).digest() + entry).digest()
    padded = entry + bytes(4)
    middle = hmac.digest(start, padded, "sha1")
    whole = hmac.digest(start, padded + entry, "sha1") + hmac.digest(start, middle + entry, "sha1")
    encryptor = Cipher(TripleDES(whole[:24]), CBC(whole[32:40])).encryptor()
    text = encryptor.update(b"password-check\2\2") + encryptor.finalize()
    return "password", salt, sequence(sequence(OID_TRIPLE_DES, sequence(der(4, entry), der(2, b"\1"))), der(4, text))


@pytest.mark.parametrize("check", [aes_check(b""), aes_check(b"changeit", 10_000), triple_des_check(b"")], ids=["AES", "usual", "triple DES"])
def test_a_store_that_a_usual_password_opens_is_open(tmp_path: Path, check: tuple[str, bytes, bytes]) -> None:
    (key,), ended = read(store(tmp_path, [PRIVATE], meta=check))
    assert isinstance(key, PrivateKey)
    assert (key.encrypted, key.secret.form, ended) == (True, SecretForm.RECOVERABLE, "")
    assert key.opened_by == ("a password that everybody tries first" if check == aes_check(b"changeit", 10_000) else "an empty password")


@pytest.mark.parametrize("check", [aes_check(b"Tq7-ward9"), triple_des_check(b"Tq7-ward9")], ids=["AES", "triple DES"])
def test_a_store_under_a_password_of_its_own_stays_sealed(tmp_path: Path, check: tuple[str, bytes, bytes]) -> None:
    (key,), ended = read(store(tmp_path, [PRIVATE], meta=check))
    assert isinstance(key, PrivateKey)
    assert (key.opened_by, key.secret.form) == ("", SecretForm.SEALED)
    assert ended.endswith("which is not empty and none of those that everybody tries first")


@pytest.mark.parametrize(
    "check",
    [
        ("password", b"salt", b"\x30\x03\x02\x01\x01"),
        ("password", b"salt", b""),
        ("password", None, None),
        ("version", b"salt", aes_check(b"")[2]),
        ("password", bytes(20), aes_check(b"")[2][:-7]),
        ("password", bytes(20), aes_check(b"", 1)[2].replace(der(2, b"\0\0\0\1"), der(2, b"\x7f\xff\xff\xff"))),
        ("password", bytes(20), aes_check(b"", 1)[2].replace(der(2, b"\0\0\0\1"), der(2, b"\0\0\0\0"))),
    ],
    ids=["another form", "empty", "nothing", "another row", "cut short", "too many iterations", "no iteration"],
)
def test_cannot_tell_where_the_password_could_not_be_tried(tmp_path: Path, check: tuple[str, bytes | None, bytes | None]) -> None:
    assert read(store(tmp_path, [PRIVATE], meta=check))[1].endswith("whether that is empty was not tried")


def test_keys_of_a_curve_are_told_apart_by_the_digest_of_their_public_half(tmp_path: Path) -> None:
    def named(digest: bytes, folder: str) -> str:
        (tmp_path / folder).mkdir()
        (key,), _ = read(store(tmp_path / folder, [(1, number(3), None, number(3), None, None, digest)], column="a102"))
        assert isinstance(key, PrivateKey)
        return key.secret.digest

    assert named(b"one" * 7, "a") == named(b"one" * 7, "b") != named(b"two" * 7, "c")


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
