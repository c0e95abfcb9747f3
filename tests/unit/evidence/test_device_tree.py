"""Device trees, built here token by token."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.readers.embedded.device_tree import DeviceTreeReader
from asepsis.model.facts import Auth, Confidence, Service
from tests.unit.evidence.reading import search

STRINGS = b"compatible\0bootargs\0"


def padded(data: bytes) -> bytes:
    return data.ljust(-(-len(data) // 4) * 4, b"\0")


def node(name: bytes, *parts: bytes) -> bytes:
    return struct.pack(">I", 1) + padded(name + b"\0") + b"".join(parts) + struct.pack(">I", 2)


def prop(name: bytes, value: bytes) -> bytes:
    return struct.pack(">3I", 3, len(value), STRINGS.index(name)) + padded(value)


def tree(*parts: bytes) -> bytes:
    structure = node(b"", *parts) + struct.pack(">I", 9)
    size = 40 + len(structure) + len(STRINGS)
    return struct.pack(">10I", 0xD00DFEED, size, 40, 40 + len(structure), 40, 17, 16, 0, len(STRINGS), len(structure)) + structure + STRINGS


def chosen(line: bytes) -> bytes:
    return tree(prop(b"compatible", b"pump,one\0"), node(b"cpus"), node(b"chosen", struct.pack(">I", 4), prop(b"bootargs", line + b"\0")))


@pytest.mark.parametrize("before", [b"", b"kernel" * 1000])
def test_a_shell_instead_of_the_start_is_found_wherever_the_tree_lies(before: bytes):
    data = before + chosen(b"console=ttyAMA0,115200 rdinit=/bin/sh") + b"\xff" * 50
    (service,) = search(DeviceTreeReader(), data)
    assert isinstance(service, Service)
    assert (service.name, service.auth, service.enabled, service.confidence) == ("serial-console", Auth.NONE, True, Confidence.LIKELY)
    assert data[service.where.offset or 0 :].startswith(b"console=")


def test_a_console_alone_is_a_weak_sign():
    (service,) = search(DeviceTreeReader(), chosen(b"console=ttyS0 root=/dev/mmcblk0p2"))
    assert (service.auth, service.confidence) == (Auth.UNKNOWN, Confidence.WEAK)


@pytest.mark.parametrize("line", [b"quiet", b"console=tty1 init=/sbin/init", b""])
def test_an_ordinary_command_line_says_nothing(line: bytes):
    assert search(DeviceTreeReader(), chosen(line)) == []


@pytest.mark.parametrize("cut", [4, 39, 60, 100, 130])
def test_a_tree_cut_short_gives_what_is_there(cut: int):
    assert search(DeviceTreeReader(), chosen(b"init=/bin/sh")[:cut]) == []


def test_nesting_without_end_ends():
    structure = struct.pack(">I", 1) + b"a\0\0\0"
    data = struct.pack(">10I", 0xD00DFEED, 0x100000, 40, 40, 40, 17, 16, 0, 1, 0x100000) + structure * 100_000
    assert search(DeviceTreeReader(), data) == []
