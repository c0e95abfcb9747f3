"""Wi-Fi settings compiled into ESP32 images."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.readers.embedded.esp_wifi_config import MAX_CONSTANTS, EspWifiConfigReader
from asepsis.guard.limits import LimitReached
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import search

STATION, ACCESS_POINT = struct.pack("<IBB", 1, 0, 0), struct.pack("<BBHI", 6, 11, 0, 3)


def constant(ssid: bytes, password: bytes, rest: bytes = STATION) -> bytes:
    return ssid.ljust(32, b"\0") + password.ljust(64, b"\0") + rest.ljust(32, b"\0")


def image(*segments: bytes) -> bytes:
    """An application image: the first segment begins with the application's descriptor."""
    first = b"\x32\x54\xcd\xab".ljust(256, b"\0")
    parts = b"".join(struct.pack("<II", 0x3F400020, len(part)) + part for part in (first, *segments))
    return bytes([0xE9, len(segments) + 1, 2, 0x20]).ljust(24, b"\0") + parts


def found(data: bytes) -> list[tuple[str, int | None]]:
    return [(fact.subject, fact.secret.length) for fact in search(EspWifiConfigReader(), data, "flash.bin")]


@pytest.mark.parametrize("rest", [STATION, ACCESS_POINT, bytes(4)])
def test_a_constant_is_found_with_its_network(rest: bytes):
    data = b"\xff" * 64 + image(b"%s: connected\0\0\0" + constant(b"WARD-7", b"Tq7-ward9", rest))
    (fact,) = search(EspWifiConfigReader(), data, "flash.bin")
    assert (fact.subject, fact.secret.kind, fact.secret.form) == ("WARD-7", SecretKind.WIFI, SecretForm.CLEARTEXT)
    assert data[fact.where.offset :].startswith(b"Tq7-ward9")


def test_texts_that_fill_their_fields_are_read():
    assert found(image(constant(b"W" * 32, b"Tq7-ward9"))) == [("W" * 32, 9)]
    assert found(image(constant(b"WARD-7", b"0f" * 32))) == [("WARD-7", 64)]


def test_a_second_slot_says_nothing_new_and_another_network_does():
    one, other = constant(b"WARD-7", b"Tq7-ward9"), constant(b"WARD-8", b"Tq7-ward9")
    assert found(image(one) + image(one)) == [("WARD-7", 9)]
    assert found(image(one, other)) == [("WARD-7", 9), ("WARD-8", 9)]


@pytest.mark.parametrize(
    "segment",
    [
        constant(b"WARD-7", b"short"),
        constant(b"WARD-7", b"Tq7-ward9", b"text that goes on"),
        b"\0\0" + constant(b"WARD-7", b"Tq7-ward9"),
        b"WARD-7\0Tq7-ward9\0".ljust(128, b"\0"),
        b"\0".join(b"message number %03d of the menu" % number for number in range(60)),
        constant(b"WARD-7", b"Tq7-ward9")[:90],
        b"",
    ],
    ids=["too short", "no such field behind", "no multiple of four", "texts side by side", "a table of texts", "cut short", "empty"],
)
def test_what_only_looks_like_it_is_none(segment: bytes):
    assert found(image(segment)) == []


def test_no_image_is_not_searched_and_a_broken_one_as_far_as_it_goes():
    assert found(constant(b"WARD-7", b"Tq7-ward9")) == []
    whole = image(constant(b"WARD-7", b"Tq7-ward9"), b"x" * 64)
    assert found(whole[:-80]) == [("WARD-7", 9)]
    assert found(whole[:40]) == []


def test_an_example_is_said_as_one():
    (fact,) = search(EspWifiConfigReader(), image(constant(b"myssid", b"mypassword")), "flash.bin")
    assert fact.secret.placeholder == "example text"


def test_more_constants_than_a_device_has_are_a_limit():
    with pytest.raises(LimitReached):
        found(image(b"".join(constant(b"WARD-%03d" % number, b"Tq7-ward9") for number in range(MAX_CONSTANTS + 1))))
