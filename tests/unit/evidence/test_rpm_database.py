"""Package databases of RPM. The real ones were compared with ``rpm -qa``; these are made byte by byte."""

from __future__ import annotations

import random
import struct
from contextlib import suppress

import pytest

from asepsis.evidence.reader import Malformed, NotThisFormat, Sureness
from asepsis.evidence.readers.packages.rpm_database import RpmDatabaseReader
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import OutOfBounds
from asepsis.model.facts import Component, Confidence, Fact
from asepsis.model.software import MOST_DEPENDENCIES
from tests.unit.evidence.reading import read_file, source_of
from tests.unit.evidence.rpm_databases import ALL, berkeley, header, ndb, sqlite

SSL = header(
    "openssl-libs", "3.0.7", "27.el9", epoch=1, arch="x86_64", vendor="Example Linux", license="ASL 2.0", sourcerpm="openssl-3.0.7-27.el9.src.rpm",
    provides=("openssl-libs", "libcrypto.so.3()(64bit)"), requires=("libc.so.6()(64bit)", "rpmlib(FileDigests)", "/bin/sh"),
)  # fmt: skip
CURL = header("curl", "7.76.1", "26.el9", arch="x86_64", requires=("libcrypto.so.3()(64bit)", "ca-certificates", "curl"))
KEY = header("gpg-pubkey", "fd431d51", "4ae0493b")


def parts(data: bytes, path: str) -> list[Component]:
    return [fact for fact in read_file(RpmDatabaseReader(), data, path) if isinstance(fact, Component)]


@pytest.mark.parametrize("path", ALL)
def test_every_installed_package_is_named_with_its_whole_version(path: str):
    first, second = parts(ALL[path](SSL, KEY, CURL), path)
    assert (first.name, first.version, first.product, first.method, first.confidence) == (
        "openssl-libs",
        "3.0.7",
        "openssl",
        "package list",
        Confidence.CONFIRMED,
    )
    assert first.purl == "pkg:rpm/openssl-libs@3.0.7-27.el9?arch=x86_64&epoch=1&upstream=openssl-3.0.7-27.el9.src.rpm"
    assert (first.supplier, first.licence, first.depends) == ("Example Linux", "ASL 2.0", ())
    assert (second.name, second.purl) == ("curl", "pkg:rpm/curl@7.76.1-26.el9?arch=x86_64")
    assert second.depends == ("openssl-libs", "ca-certificates")
    assert first.where.offset != second.where.offset


@pytest.mark.parametrize("path", ALL)
def test_a_header_that_fills_many_pages_is_read_to_its_end(path: str):
    large = header("kernel-core", "5.14.0", license="GPL-2.0", requires=[f"file-{number:06}" for number in range(12_000)])
    assert len(large) > 128 * 1024
    (part,) = parts(ALL[path](large), path)
    assert part.depends[0] == "file-000000"
    assert len(part.depends) > MOST_DEPENDENCIES


@pytest.mark.parametrize("path", ALL)
def test_an_empty_database_says_nothing(path: str):
    assert parts(ALL[path](), path) == []


def test_a_database_of_a_big_endian_machine_and_a_value_beside_its_key():
    tiny = struct.pack(">2I4I", 1, 2, 1000, 6, 0, 1) + b"a\0"
    (part,) = parts(berkeley(tiny, order=">"), "var/lib/rpm/Packages")
    assert (part.name, part.version, part.purl) == ("a", "", "pkg:rpm/a")


@pytest.mark.parametrize("path", ALL)
def test_a_broken_header_hides_no_other_and_is_said(path: str):
    facts: list[Fact] = []
    lies = struct.pack(">2I", 4, 10_000) + bytes(64)
    with pytest.raises(Malformed, match="1 such faults") as raised:
        RpmDatabaseReader().read(source_of(ALL[path](SSL, lies, CURL), path), facts.append)
    assert [fact.name for fact in facts if isinstance(fact, Component)] == ["openssl-libs", "curl"]
    assert raised.value.offset is not None


@pytest.mark.parametrize("cut", [1000, 4200])
def test_a_database_that_is_cut_short_is_said_to_be(cut: int):
    with pytest.raises(Malformed):
        parts(ndb(SSL, CURL, header("x" * 100))[:cut], "var/lib/rpm/Packages.db")


def test_a_value_that_leads_in_a_circle_ends():
    whole = bytearray(berkeley(header("a", requires=["b" * 200] * 8)))
    struct.pack_into("<I", whole, 3 * 512 + 16, 2)
    with pytest.raises(Malformed, match="circle"):
        parts(bytes(whole), "var/lib/rpm/Packages")


def test_slots_that_share_one_package_do_not_multiply_it():
    whole = bytearray(ndb(SSL * 40))
    for at in range(48, 4096, 16):
        whole[at : at + 16] = whole[32:48]
    with pytest.raises(Malformed):
        parts(bytes(whole), "var/lib/rpm/Packages.db")


def test_only_a_database_in_its_place_is_one():
    reader = RpmDatabaseReader()
    assert reader.recognises("home/user/Packages", berkeley(SSL)[:4096]) is Sureness.NO
    assert reader.recognises("var/lib/rpm/Packages", b"Package: text") is Sureness.NO
    assert reader.recognises("dists/Packages", b"") is Sureness.NO
    for data in (sqlite(), ndb(SSL), berkeley(SSL)):
        assert reader.recognises("usr/lib/sysimage/rpm/Packages", data[:4096]) is Sureness.YES


def test_another_table_of_berkeley_db_and_another_database_are_none():
    other = bytearray(berkeley(SSL))
    other[25] = 9
    with pytest.raises(NotThisFormat):
        parts(bytes(other), "var/lib/rpm/Packages")
    with pytest.raises(NotThisFormat):
        parts(sqlite().replace(b"Packages", b"Packbges"), "var/lib/rpm/rpmdb.sqlite")


@pytest.mark.parametrize("path", ALL)
def test_whatever_bytes_change_only_the_agreed_exceptions_come_out(path: str):
    whole, dice = ALL[path](SSL, CURL, header("c", requires=["d" * 200] * 9)), random.Random(5)
    for number in range(300):
        changed = bytearray(whole)
        for _ in range(dice.randrange(1, 30)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        if number % 3 == 0:
            del changed[dice.randrange(len(changed)) :]
        with suppress(NotThisFormat, Malformed, OutOfBounds, LimitReached):
            RpmDatabaseReader().read(source_of(bytes(changed), path), lambda _: None)
