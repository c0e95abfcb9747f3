"""NVRAM partitions built from the header's description, alone and in the middle of a dump."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.embedded.broadcom_nvram import BroadcomNvramReader
from asepsis.guard.limits import LimitReached
from asepsis.model.facts import Fact, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import never, search, source_of

SETTINGS = (b"wl0_ssid=WARD", b"wl0_wpa_psk=Tq7-ward-9", b"wl0_key=1", b"http_passwd=Fr0nt-door", b"lan_ipaddr=10.0.0.1")


def partition(*settings: bytes, order: str = "<", length: int | None = None) -> bytes:
    body = b"".join(setting + b"\0" for setting in settings) + b"\0"
    magic = b"FLSH" if order == "<" else b"HSLF"
    return magic + struct.pack(f"{order}I12x", 20 + len(body) if length is None else length) + body


def found(data: bytes) -> list[StoredSecret]:
    facts: list[Fact] = search(BroadcomNvramReader(), data, "mtd.bin")
    return [fact for fact in facts if isinstance(fact, StoredSecret)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("before", [0, 0x20003])
def test_the_key_of_a_network_is_found_wherever_the_partition_lies(order: str, before: int):
    data = b"\xff" * before + partition(*SETTINGS, order=order).ljust(0x8000, b"\xff")
    key, log_in = found(data)
    assert (key.store, key.subject, key.key_name) == ("nvram", "WARD", "wl0_wpa_psk")
    assert (key.secret.kind, key.secret.form) == (SecretKind.WIFI, SecretForm.CLEARTEXT)
    assert key.where.offset == before + 20 + len(SETTINGS[0]) + 1
    assert (log_in.key_name, log_in.secret.kind) == ("http_passwd", SecretKind.LOGIN)


def test_what_stands_behind_the_list_is_none_of_it():
    assert found(partition(b"wl0_ssid=WARD", b"wl0_wpa_psk=") + b"wl0_wpa_psk=Tq7-ward-9\0") == []


def test_letters_that_only_look_like_a_header_are_none():
    assert found(partition(*SETTINGS, length=7)) == []
    assert found(partition(*SETTINGS, length=0xFFFFFFFF)) == []
    assert found(b"FLSH") == []


def test_a_partition_that_is_cut_short_is_read_as_far_as_it_goes():
    source, facts = source_of(partition(*SETTINGS)[:-20], "mtd.bin"), list[Fact]()
    ((reader, matches),) = PatternPass([BroadcomNvramReader()]).scan(source.buffer, never)
    with pytest.raises(Malformed, match="cut short"):
        reader.read_matches(source, matches, facts.append)
    assert [fact.key_name for fact in facts if isinstance(fact, StoredSecret)] == ["wl0_wpa_psk", "http_passwd"]


def test_many_headers_are_an_attack_and_said():
    with pytest.raises(LimitReached):
        search(BroadcomNvramReader(), partition(b"a=b") * 40)
