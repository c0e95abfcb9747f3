"""Parts by the names of their debugging symbols."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.firmware.debug_link import DebugLinkReader
from asepsis.model.facts import Component, Confidence
from tests.unit.evidence.reading import search


def told(*names: str) -> list[tuple[str, str]]:
    data = b"\x7fELF" + bytes(60) + "\0".join(names).encode() + b"\0"
    return [(fact.name, fact.version) for fact in search(DebugLinkReader(), data) if isinstance(fact, Component)]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("python3.9-3.9.0-1.fc33.aarch64.debug", ("Python", "3.9.0")),
        ("libboinc_crypt.so.7.20.2-7.20.2-1.3.aarch64.debug", ("BOINC", "7.20.2")),
        ("libaudin-client-oss.so-2.8.1-2.aarch64.debug", ("FreeRDP", "2.8.1")),
        ("busybox-1.35.0-2.el9.x86_64.debug", ("BusyBox", "1.35.0")),
        ("libssl3.so-3.79.0-1.fc36.x86_64.debug", ("NSS", "3.79.0")),
        ("luajit-2.1.0~beta3+git.1647772157.43ebb949-1.2.x86_64.debug", ("LuaJIT", "2.1.0-beta3")),
        ("openssl-3.0.7-27.el9.s390x.debug", ("OpenSSL", "3.0.7")),
    ],
)
def test_the_name_of_the_symbols_tells_part_and_version(name: str, part: tuple[str, str]):
    assert told(name) == [part]


@pytest.mark.parametrize(
    "name",
    [
        "pumpd-3.0.7-27.el9.x86_64.debug",
        "a1b2c3d4e5f60718293a4b5c6d7e8f90123456.debug",
        "busybox.debug",
        "ftp-0.17-89.el9.x86_64.debug",
        "libcrypto++.so.8.7.0-8.7.0-1.fc36.x86_64.debug",
        "virusfilter.so-4.10.4-0.fc30.x86_64.debug",
        "busybox-1.35.0-2.el9.x86_64.debuginfo",
        "openssl-devel-3.0.7-27.el9.x86_64.debug",
        "libpythonic.c-3.9.0-1.fc33.aarch64.debug",
    ],
)
def test_other_programs_and_names_without_a_version_say_nothing(name: str):
    assert told(name) == []


def test_a_version_counts_once_and_has_its_place_and_names():
    name = "busybox-1.35.0-2.el9.x86_64.debug"
    assert told(name, name, "busybox-1.36.1-1.el9.x86_64.debug") == [("BusyBox", "1.35.0"), ("BusyBox", "1.36.1")]
    (found,) = search(DebugLinkReader(), b"\0\0" + name.encode() + b"\0")
    assert isinstance(found, Component)
    assert (found.where.offset, found.method, found.confidence) == (2, "name of its debugging symbols", Confidence.LIKELY)
    assert found.cpe.startswith("cpe:2.3:a:busybox:busybox:1.35.0:")
    assert found.purl == "pkg:generic/busybox@1.35.0"
