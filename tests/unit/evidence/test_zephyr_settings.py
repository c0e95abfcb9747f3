"""Wi-Fi networks in Zephyr settings, in the frames of several back ends."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.readers.embedded.zephyr_settings import ZephyrSettingsReader
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import search


def network(ssid: str = "ward 7", password: str = "Breathe-Deep-1", *, between: bytes = bytes(4), size: int = 64, length: int | None = None) -> bytes:
    head = struct.pack("<I", 3) + ssid.encode().ljust(32, b"\0") + struct.pack("<I", len(ssid))
    return head + between + password.encode().ljust(size, b"\0") + struct.pack("<I", len(password) if length is None else length)


@pytest.mark.parametrize("between", [bytes(4), bytes(12), b"\1\0\0\0\6\0\0\0"])
@pytest.mark.parametrize("size", [64, 128])
@pytest.mark.parametrize("frame", ["fcb", "nvs"])
def test_a_network_is_found_in_any_frame(between: bytes, size: int, frame: str):
    value = network(between=between, size=size)
    fcb = b"\xee\xee\xff\xc0\1\xff\0\0\x90\1wifi_cred/1=" + value + b"\x55"
    nvs = value + b"\0\0" + b"wifi_cred/1" + b"\xff" * 500 + b"\1\xc0\0\0\x70\0\xff\x12"
    (found,) = search(ZephyrSettingsReader(), b"\xff" * 5000 + (fcb if frame == "fcb" else nvs) + b"\xff" * 5000)
    assert isinstance(found, StoredSecret)
    assert (found.subject, found.secret.kind, found.secret.form, found.secret.length) == ("ward 7", SecretKind.WIFI, SecretForm.CLEARTEXT, 14)


def test_two_networks_are_two_and_a_copy_is_none():
    data = b"wifi_cred/1=" + network() + b"wifi_cred/2=" + network("office", "another-secret") + b"wifi_cred/1=" + network()
    assert [fact.subject for fact in search(ZephyrSettingsReader(), data) if isinstance(fact, StoredSecret)] == ["ward 7", "office"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"wifi_cred/1",
        network(),
        b"wifi_cred/1=" + network(length=9),
        b"wifi_cred/1=" + network(password=""),
        b"wifi_cred/1=" + network(ssid="")[:40],
        b"settings wifi_cred/%s " + b"\1\0\0\0" * 900,
        b"wifi_cred/1=" + network()[:80],
    ],
)
def test_other_lengths_and_no_name_say_nothing(data: bytes):
    assert search(ZephyrSettingsReader(), data) == []
