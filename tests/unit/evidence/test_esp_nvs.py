"""ESP-IDF NVS partitions, built here page by page."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.readers.embedded.esp_nvs import EspNvsReader
from asepsis.model.evidence import Cause
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import KEY, search, source_of

PATTERNS = PatternPass([EspNvsReader()])
SEED = 0xFFFF_FFFF


def crc(data: bytes) -> bytes:
    return struct.pack("<I", zlib.crc32(data, SEED))


def entry(namespace: int, kind: int, key: str, value: bytes, span: int = 1, chunk: int = 0xFF) -> bytes:
    body = bytes([namespace, kind, span, chunk]), key.encode().ljust(16, b"\0") + value.ljust(8, b"\xff")
    return body[0] + crc(b"".join(body)) + body[1]


def name(number: int, key: str) -> bytes:
    return entry(0, 0x01, key, bytes([number]))


def long(namespace: int, kind: int, key: str, value: bytes, chunk: int = 0xFF) -> bytes:
    span = 1 + -(-len(value) // 32)
    return entry(namespace, kind, key, struct.pack("<HH", len(value), 0xFFFF) + crc(value), span, chunk) + value.ljust((span - 1) * 32, b"\xff")


def string(namespace: int, key: str, text: str) -> bytes:
    return long(namespace, 0x21, key, text.encode() + b"\0")


def blob(namespace: int, key: str, value: bytes) -> bytes:
    return long(namespace, 0x42, key, value, 0) + entry(namespace, 0x48, key, struct.pack("<IBBH", len(value), 1, 0, 0xFFFF))


def page(*parts: bytes, sequence: int = 0, erased: tuple[int, ...] = (), version: int = 0xFE, state: int = 0xFFFF_FFFE) -> bytes:
    """A page of ``parts``; those numbered in ``erased`` are marked so."""
    bits, number = [3] * 128, 0
    for index, part in enumerate(parts):
        for _ in range(len(part) // 32):
            bits[number] = 0 if index in erased else 2
            number += 1
    bitmap = bytes(sum(bits[i * 4 + j] << 2 * j for j in range(4)) for i in range(32))
    head = struct.pack("<IB", sequence, version) + b"\xff" * 19
    return (struct.pack("<I", state) + head + crc(head) + bitmap + b"".join(parts)).ljust(4096, b"\xff")


def ssid(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode().ljust(32, b"\0")


def password(text: str) -> bytes:
    return text.encode().ljust(65, b"\0")


def wifi(secret: str = "Breathe-Deep-1") -> tuple[bytes, ...]:
    return name(1, "nvs.net80211"), blob(1, "sta.ssid", ssid("ward 7")), blob(1, "sta.pswd", password(secret)), blob(1, "sta.pmk", bytes(32))


def secrets(data: bytes) -> list[StoredSecret]:
    return [fact for fact in search(EspNvsReader(), data, "flash.bin") if isinstance(fact, StoredSecret)]


def looked(data: bytes) -> Look:
    look = Look(source_of(data, "flash.bin"), 100)
    look.with_patterns(PATTERNS)
    return look


@pytest.mark.parametrize("offset", [0, 0x9000, 0x9010])
def test_the_wifi_drivers_password_is_found_wherever_the_partition_lies(offset: int):
    (found,) = secrets(b"\xff" * offset + page(*wifi()) + b"\xff" * 8192)
    assert (found.subject, found.key_name, found.store) == ("ward 7", "sta.pswd", "esp-nvs")
    assert (found.secret.kind, found.secret.form, found.secret.length) == (SecretKind.WIFI, SecretForm.CLEARTEXT, 14)
    assert found.where.offset == offset + 64 + 5 * 32


def test_blobs_of_the_first_version_are_read_too():
    parts = (
        name(1, "nvs.net80211"),
        long(1, 0x41, "sta.ssid", ssid("a")),
        long(1, 0x41, "ap.ssid", ssid("b")),
        long(1, 0x41, "ap.passwd", password("12345678")),
    )
    (found,) = secrets(page(*parts, version=0xFF))
    assert (found.subject, found.key_name) == ("b", "ap.passwd")


def test_a_derived_key_is_the_same_secret_as_64_digits_of_hex():
    key = bytes(range(32))
    (found,) = secrets(page(name(1, "nvs.net80211"), blob(1, "sta.pmk", key)))
    assert found.secret == KEY.redact(SecretKind.WIFI, SecretForm.DERIVED, key.hex())


def test_an_application_names_its_secrets_itself():
    parts = (
        name(4, "cloud"),
        string(4, "mqtt_user", "pump-17"),
        string(4, "mqttPass", "q8-drip"),
        string(4, "server", "broker.net"),
        string(4, "pass_len", "7"),
    )
    (found,) = secrets(page(*parts))
    assert (found.subject, found.key_name, found.opens, found.secret.kind) == ("pump-17", "mqttPass", "mqtt", SecretKind.APPLICATION)


def test_a_key_of_random_bytes_counts_and_one_of_zeros_does_not():
    parts = name(1, "sec"), blob(1, "aes_key", bytes(range(16))), blob(1, "hmac_key", bytes(32)), string(1, "wifi_pw", "")
    (found,) = secrets(page(*parts))
    assert (found.key_name, found.secret.kind) == ("aes_key", SecretKind.KEY)


def test_what_was_erased_can_still_be_read_and_is_said_once():
    old, same = blob(1, "sta.pswd", password("old-Passphrase")), blob(1, "sta.pswd", password("Breathe-Deep-1"))
    found = secrets(page(*wifi(), old, same, erased=(4, 5)))
    assert [fact.key_name for fact in found] == ["sta.pswd", "sta.pswd (erased, still readable)"]


def test_empty_entries_are_not_read():
    data = bytearray(page(*wifi()))
    data[32:64] = b"\xff" * 32
    assert secrets(bytes(data)) == []


def test_namespaces_of_two_partitions_are_not_mixed_up():
    first, second = page(name(1, "nvs.net80211"), blob(1, "sta.ssid", ssid("x"))), page(name(1, "app"), string(1, "token", "abcdefgh"))
    (found,) = secrets(first + second)
    assert (found.subject, found.key_name) == ("app", "token")


def test_a_long_blob_is_put_together_over_two_pages():
    first = page(name(1, "app"), long(1, 0x42, "api_key", b"first-", 0), sequence=0)
    second = page(long(1, 0x42, "api_key", b"second\0", 1), entry(1, 0x48, "api_key", struct.pack("<IBBH", 13, 2, 0, 0xFFFF)), sequence=1)
    (found,) = secrets(first + second)
    assert found.secret.length == len("first-second")


def test_encrypted_entries_are_said_to_be_sealed_and_not_to_be_clean():
    dice = random.Random(3)
    data = bytearray(page(*wifi()))
    for at in range(64, 64 + 16 * 32):
        data[at] = dice.randrange(256)
    look = looked(bytes(data))
    assert [fact.secret.form for fact in look.facts if isinstance(fact, StoredSecret)] == [SecretForm.SEALED]
    (problem,) = look.problems
    assert problem.cause is Cause.NOT_PERMITTED
    assert "encrypted" in problem.what


def table(offset: int, size: int) -> bytes:
    return b"\xaa\x50\x01\x02" + struct.pack("<II", offset, size) + b"nvs".ljust(16, b"\0") + bytes(4)


def test_a_partition_of_the_table_without_a_page_is_encrypted_unless_it_is_erased():
    before = b"\xff" * 0x8000 + table(0x9000, 0x1000).ljust(0x1000, b"\xff")
    assert looked(before + b"\xff" * 0x1000).problems == []
    (problem,) = looked(before + random.Random(1).randbytes(0x1000)).problems
    assert "encrypted" in problem.what
    assert looked(before + page(*wifi())).problems == []


def test_a_broken_entry_is_a_problem_and_the_others_are_read():
    data = bytearray(page(*wifi(), string(1, "x", "y")))
    data[data.rindex(b"y\0")] ^= 1
    look = looked(bytes(data))
    assert len(look.facts) == 1
    (problem,) = look.problems
    assert problem.cause is Cause.BROKEN_INPUT
    assert "1 of 15 written entries" in problem.what


@pytest.mark.parametrize("data", [b"", b"\xff" * 9000, page()[:40], b"\xfe" + b"\xff" * 4095])
def test_erased_flash_and_a_header_without_its_checksum_say_nothing(data: bytes):
    look = looked(data)
    assert (look.facts, look.problems) == ([], [])


def test_a_page_cut_short_gives_what_is_there():
    (found,) = secrets(page(*wifi())[: 64 + 15 * 32])
    assert found.key_name == "sta.pswd"


def test_a_span_that_leaves_the_page_is_broken():
    look = looked(page(name(1, "a"), entry(1, 0x21, "password", struct.pack("<HHI", 4000, 0, 0), span=200)))
    assert look.facts == []
    assert "wrong checksum" in look.problems[0].what
