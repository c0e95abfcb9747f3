"""U-Boot environments, built here with their checksum."""

from __future__ import annotations

import struct
import zlib

import pytest

from asepsis.evidence.readers.embedded.u_boot_env import UBootEnvReader
from asepsis.guard.limits import LimitReached
from asepsis.model.facts import Auth, Confidence, Fact, Gives, HardwareAccess, Service, StoredSecret, UpdateMechanism, Zone
from asepsis.model.secret import SecretForm, SecretKind
from tests.unit.evidence.reading import search

PLAIN = {"baudrate": "115200", "bootcmd": "nand read 0x82000000 kernel; bootm 0x82000000", "bootdelay": "3"}


def listed(variables: dict[str, str]) -> bytes:
    return b"".join(f"{name}={value}".encode() + b"\0" for name, value in variables.items()) + b"\0"


def environment(variables: dict[str, str], size: int = 0x2000, flag: bytes = b"", order: str = "<", filler: bytes = b"\xff") -> bytes:
    data = listed(variables).ljust(size - 4 - len(flag), filler)
    return struct.pack(order + "I", zlib.crc32(data)) + flag + data


def facts(data: bytes) -> list[Fact]:
    return search(UBootEnvReader(), data, "flash.bin")


def only(data: bytes, kind: type) -> list:
    return [fact for fact in facts(data) if isinstance(fact, kind)]


@pytest.mark.parametrize("size", [0x1000, 0x2000, 0x10000, 0x1F000, 0x40000])
@pytest.mark.parametrize(("flag", "order"), [(b"", "<"), (b"\1", "<"), (b"", ">")])
@pytest.mark.parametrize("before", [0, 0x40000, 0x40000 + 77])
def test_an_environment_is_found_by_its_checksum_at_any_size(size: int, flag: bytes, order: str, before: int):
    (access,) = only(bytes(before) + environment(PLAIN, size, flag, order) + bytes(700), HardwareAccess)
    assert (access.name, access.gives, access.auth, access.enabled) == ("U-Boot console", Gives.CONTROL, Auth.NONE, None)
    assert "bootdelay=3" in access.detail
    assert access.where.offset == before + 4 + len(flag) + len(listed(dict(list(PLAIN.items())[:2]))) - 1


def test_without_a_checksum_it_is_only_the_list_that_a_program_carries():
    listing = listed({"arch": "arm"} | PLAIN | {"bootargs": "console=ttyS0 init=/bin/sh"})
    found = facts(b"\x7fELF\1\0" + listing + b"U-Boot 2016.01\0")
    (service,) = [fact for fact in found if isinstance(fact, Service)]
    assert (service.name, service.auth, service.confidence) == ("serial-console", Auth.NONE, Confidence.LIKELY)
    assert [fact.auth for fact in found if isinstance(fact, HardwareAccess)] == [Auth.NONE]


def test_a_stored_environment_outweighs_the_built_in_one():
    data = (b"\x7fELF\0\0" + listed(PLAIN)).ljust(0x1000, b"\0") + environment(PLAIN | {"bootdelay": "-2"})
    (access,) = only(data, HardwareAccess)
    assert access.enabled is False


@pytest.mark.parametrize(("flags", "delay"), [((1, 0), "1"), ((0, 1), "2"), ((7, 8), "2"), ((255, 0), "2"), ((0, 255), "1")])
def test_of_two_copies_the_newer_counts(flags: tuple[int, int], delay: str):
    first, second = (environment(PLAIN | {"bootdelay": text}, flag=bytes([flag])) for text, flag in zip("12", flags, strict=True))
    (access,) = only(first + second, HardwareAccess)
    assert f"bootdelay={delay}" in access.detail


@pytest.mark.parametrize(
    ("variables", "auth", "enabled"),
    [
        ({"bootdelay": "5"}, Auth.NONE, None),
        ({"bootdelay": "0"}, Auth.UNKNOWN, None),
        ({"bootdelay": "-1"}, Auth.NONE, None),
        ({"bootdelay": "-2"}, Auth.UNKNOWN, False),
        ({"bootdelay": "2", "stdin": "nulldev"}, Auth.UNKNOWN, False),
        ({"bootdelay": "2", "bootstopkeysha256": "ab" * 32}, Auth.PASSWORD, None),
        ({"bootdelay": "soon"}, Auth.UNKNOWN, None),
    ],
)
def test_what_stops_the_start(variables: dict[str, str], auth: Auth, enabled: bool | None):
    (access,) = only(environment(PLAIN | variables), HardwareAccess)
    assert (access.auth, access.enabled) == (auth, enabled)


def test_secrets_of_the_environment():
    data = environment(PLAIN | {"wifi_ssid": "ward 7", "wifi_psk": "Breathe-Deep-1", "bootstopkey": "open it", "ftp_password": "$serverpass"})
    found = {fact.key_name: fact for fact in only(data, StoredSecret)}
    assert sorted(found) == ["bootstopkey", "ftp_password", "wifi_psk"]
    assert (found["wifi_psk"].subject, found["wifi_psk"].secret.kind) == ("ward 7", SecretKind.WIFI)
    assert found["bootstopkey"].secret.kind is SecretKind.LOGIN
    assert found["ftp_password"].secret.placeholder == "template variable"


def test_a_hashed_stop_word_is_a_hash():
    (secret,) = only(environment(PLAIN | {"bootstopkeysha256": "ab" * 32}), StoredSecret)
    assert secret.secret.form is SecretForm.HASHED


def test_what_is_loaded_by_itself_counts_and_what_only_a_person_runs_does_not():
    helper = {"update": "tftp 0x80000 fw.bin; erase all"}
    assert only(environment(PLAIN | helper), UpdateMechanism) == []
    (update,) = only(environment(PLAIN | {"bootcmd": "run netboot", "netboot": "dhcp; tftpboot uImage; bootm"}), UpdateMechanism)
    assert (update.name, update.zone, update.signature_checked, update.transport_protected) == ("u-boot-network", Zone.DEVICE_NETWORK, None, False)


def test_images_that_are_not_checked():
    found = only(environment(PLAIN | {"verify": "no", "bootcmd": "usb start; fatload usb 0 0x8 uImage; bootm"}), UpdateMechanism)
    assert [(update.name, update.signature_checked, update.zone) for update in found] == [
        ("u-boot-usb", False, Zone.TOUCH),
        ("u-boot-image", False, Zone.TOUCH),
    ]


def test_scripts_that_run_each_other_end():
    assert only(environment(PLAIN | {"bootcmd": "run a", "a": "run b", "b": "run a"}), UpdateMechanism) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"bootcmd=bootm\n",
        b"\0usage: bootdelay=N bootcmd=COMMAND\0",
        b"\0bootdelay=%s\0",
        b"setenv bootargs console=ttyS0; setenv bootdelay=3\n" * 40,
    ],
)
def test_texts_that_only_speak_of_the_variables_say_nothing(data: bytes):
    assert facts(data) == []


def test_a_file_full_of_variables_ends_soon_and_says_that_it_was_not_searched_whole():
    assert facts(b"\0bootdelay=1" * 10_000 + b"\0\0") == []
    decoys = b"".join((b"\1\2\3\4bootdelay=" + bytes([i % 256]) * 9).ljust(512, b"\0") for i in range(300))
    with pytest.raises(LimitReached):
        facts(decoys)
