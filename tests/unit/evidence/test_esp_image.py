"""The application descriptor of ESP32 images."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.embedded.esp_image import EspImageReader
from asepsis.model.facts import OperatingSystem
from asepsis.model.where import Where
from tests.unit.evidence.reading import search


def image(version: bytes, magic: bytes = b"\x32\x54\xcd\xab", first: int = 0xE9) -> bytes:
    head = bytes([first, 6, 2, 0x20]).ljust(32, b"\0")
    return head + magic + bytes(12) + b"1.0".ljust(32, b"\0") + b"pump".ljust(32, b"\0") + bytes(32) + version.ljust(32, b"\0") + bytes(100)


@pytest.mark.parametrize(("said", "version"), [(b"v4.4.2-dirty", "4.4.2"), (b"v5.1", "5.1"), (b"4.0-rc-12-gabc", "4.0")])
def test_the_descriptor_says_which_system_it_was_built_with(said: bytes, version: str):
    assert search(EspImageReader(), bytes(64) + image(said), "flash.bin") == [
        OperatingSystem(Where("e1", "flash.bin", 64 + 144), "ESP-IDF", version, "esp-idf")
    ]


def test_two_update_slots_with_one_version_say_it_once_and_with_two_twice():
    assert len(search(EspImageReader(), image(b"v4.4") + image(b"v4.4"))) == 1
    assert len(search(EspImageReader(), image(b"v4.4") + image(b"v3.3"))) == 2


@pytest.mark.parametrize("data", [image(b"unknown"), image(b"v4.4", magic=bytes(4)), image(b"v4.4", first=0xE8), image(b"v4.4")[:60], b""])
def test_another_magic_a_cut_and_a_name_without_a_number_say_nothing(data: bytes):
    assert search(EspImageReader(), data) == []
