"""Locks of the debug connector, in images named after their address."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.embedded.debug_lock import DebugLockReader
from asepsis.model.facts import Auth, HardwareAccess
from tests.unit.evidence.reading import read_file

OPEN, LOCKED, ERASED = (Auth.NONE, None), (Auth.UNKNOWN, False), (Auth.UNKNOWN, None)


@pytest.mark.parametrize(
    ("address", "data", "state"),
    [
        (0x1000_1208, b"\x5a\xff\xff\xff", OPEN),
        (0x1000_1208, b"\x00\xff\xff\xff", LOCKED),
        (0x1000_1208, b"\xff\xff\xff\xff", ERASED),
        (0x1000_1014, bytes(0x1F4) + b"\x00\xff\xff\xff", LOCKED),
        (0x1FFF_F800, b"\xa5\x5a\xff\x00", OPEN),
        (0x1FFF_F800, b"\xaa\x55\xff\x00", OPEN),
        (0x1FFF_F800, b"\x00\xff\xff\x00", LOCKED),
        (0x1FFF_F800, b"\xcc\x33\xff\x00", LOCKED),
        (0x1FFF_C000, b"\xff\xaa\xff\xff", OPEN),
        (0x1FFF_C000, b"\xff\x55\xff\xff", LOCKED),
        (0x1FFF_7800, b"\xaa\xf8\xff\xff", OPEN),
        (0x1FF8_0000, b"\xbb\x00\x44\xff", LOCKED),
    ],
)
def test_the_lock_is_read_at_its_address(address: int, data: bytes, state: tuple[Auth, bool | None]):
    (access,) = read_file(DebugLockReader(), data, f"image-{address:08x}.bin")
    assert isinstance(access, HardwareAccess)
    assert (access.auth, access.enabled) == state


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("image-08000000.bin", bytes(8192)),
        ("image-10001208.bin", b"\x5a\xff\xff"),
        ("image-10001209.bin", b"\x5a\xff\xff\xff"),
        ("image.bin", b"\x5a\xff\xff\xff"),
        ("image-10001208.bin", b""),
    ],
)
def test_an_image_that_does_not_hold_the_word_says_nothing(path: str, data: bytes):
    assert read_file(DebugLockReader(), data, path) == []
