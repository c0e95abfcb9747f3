"""Readers of matches: version strings, password hashes, credentials in addresses."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.firmware.hash_lines import HashLinesReader
from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader
from asepsis.evidence.readers.firmware.versions import VersionsReader
from asepsis.knowledge.signatures import shipped_signatures
from asepsis.model.facts import Component, Confidence, OperatingSystem
from tests.unit.evidence.reading import KEY, search

PARTS = shipped_signatures()
TOLD = [(part, part.example[0]) for part in PARTS]


@pytest.mark.parametrize(("part", "example"), TOLD, ids=lambda item: getattr(item, "id", ""))
def test_what_the_program_prints_is_recognised_with_its_version(part, example):
    text = example.text.encode("latin-1")
    (fact,) = search(VersionsReader(), b"\x7fELF" + bytes(5000) + text + b"\0" + text + b"\0", example.path)
    assert (fact.name, fact.version, fact.product) == (part.name, example.version, part.product)
    assert isinstance(fact, OperatingSystem if part.system else Component)
    assert 5004 <= fact.where.offset <= 5004 + len(text)


def test_a_format_string_is_no_version():
    assert search(VersionsReader(), b"\x7fELF\0Linux version %s\0OpenSSL %s\0BusyBox v%d\0") == []


def test_a_text_that_names_a_system_is_not_that_system_and_a_weak_witness_of_a_program():
    facts = search(VersionsReader(), b"Linux version 2.6.30\nBusyBox v1.01\n", "etc/notes.txt")
    assert [(type(fact), fact.version, fact.confidence) for fact in facts] == [(Component, "1.01", Confidence.WEAK)]


ALONE = {"Dropbear": ("usr/sbin/dropbear", b"2019.78"), "dnsmasq": ("usr/sbin/dnsmasq", b"2.80"), "iptables": ("sbin/xtables-legacy-multi", b"1.8.8")}


@pytest.mark.parametrize("name", ALONE)
def test_a_number_alone_counts_in_the_program_that_prints_it_and_nowhere_else(name):
    path, number = ALONE[name]
    data = b"\x7fELF" + bytes(5000) + b"x\0" + number + b"\0"
    (fact,) = search(VersionsReader(), data, path)
    assert (fact.name, fact.version) == (name, number.decode())
    assert search(VersionsReader(), data, "bin/other") == []


def test_a_long_column_of_numbers_costs_nothing_else():
    column = b"".join(b"%d.%02d\n" % (1 + number % 2, number % 100) for number in range(50_000))
    assert [fact.version for fact in search(VersionsReader(), column + b"BusyBox v1.23.2 (\n", "var/readings.csv")] == ["1.23.2"]


@pytest.mark.parametrize(
    ("text", "version"),
    [(b"VxWorks version 5.5.1", "5.5.1"), (b"*** Booting Zephyr OS build zephyr-v3.2.0 ***", "3.2.0"), (b"ThreadX 6.1.12 Cortex-M7/GNU", "6.1.12")],
)
def test_other_ways_in_which_a_real_time_system_names_itself(text: bytes, version: str):
    (fact,) = search(VersionsReader(), bytes(5000) + text + b"\0", "fw.bin")
    assert isinstance(fact, OperatingSystem)
    assert fact.version == version


def versions(data: bytes, path: str = "bin/x") -> list[str]:
    return [fact.version for fact in search(VersionsReader(), b"\x7fELF" + data, path)]


def test_a_client_that_lists_the_servers_it_knows_has_only_its_own_version():
    known = b"\0OpenSSH_2.*,OpenSSH_3.0*,OpenSSH_3.1*\0OpenSSH_2.5.0p1*,OpenSSH_2.5.1p1*\0OpenSSH_6.6.1*\0"
    assert versions(known) == []
    assert versions(known + b"SSH-2.0-OpenSSH_9.2p1 Debian-2\0") == ["9.2p1"]


def test_a_number_of_any_of_its_forms_is_a_whole_string():
    said, whole = b"\0MHD_get_version\0", b"1.0.2\0"
    assert versions(said + whole, "usr/lib/libmicrohttpd.so.12") == ["1.0.2"]
    assert versions(said + b"gcc-" + whole + b"0.9.77-unknown\0", "usr/lib/libmicrohttpd.so.12") == []


def test_one_version_said_in_two_ways_is_one():
    assert versions(b"\0OpenSSH_6.8p1\0OpenSSH_6.8\0") == ["6.8p1"]


def test_a_table_of_versions_says_nothing_of_its_own():
    assert versions(b"\0strongSwan 4.1.0\0strongSwan 4.1.1\0strongSwan 4.1.2\0strongSwan 4.1.3\0") == []
    assert versions(b"\0strongSwan 4.1.0\0strongSwan 4.1.1\0strongSwan 4.1.2\0") == ["4.1.0", "4.1.1", "4.1.2"]


def test_a_program_that_speaks_of_older_servers_is_not_as_old():
    assert versions(b"\0is probably not a Samba 1.9.18 or above WINS server.\0SAMBA_4.10.4\0") == ["4.10.4"]


def test_a_tool_that_prints_its_name_and_its_maker_is_known():
    assert versions(b"\0curl 7.52.1 (x86_64-pc-linux-gnu) %s\0") == ["7.52.1"]
    assert versions(b"\0needs curl 7.52.1 or newer\0") == []


def test_the_library_that_a_program_was_built_with_is_a_weak_witness_of_the_one_that_is_there():
    text = b"\0OpenSSL 3.0.16 11 Feb 2025\0"
    (uses,) = search(VersionsReader(), b"\x7fELF\0libcrypto.so.3" + text, "sbin/wpa_supplicant")
    (holds,) = search(VersionsReader(), b"\x7fELF\0OpenSSL internal error" + text, "usr/bin/node")
    (speaks,) = search(VersionsReader(), b"\x7fELF" + text, "usr/bin/kea-dhcp4")
    (library,) = search(VersionsReader(), b"\x7fELF\0libcrypto.so.3" + text, "usr/lib/libssl.so.3")
    assert [uses.confidence, holds.confidence, library.confidence] == [Confidence.WEAK, Confidence.LIKELY, Confidence.LIKELY]
    assert speaks.method == uses.method
    assert uses.method == "version string of what it was built with"


def test_documentation_and_test_suites_are_no_software():
    assert search(VersionsReader(), b"BusyBox v1.01\n", "usr/share/doc/x/NEWS") == []
    assert search(VersionsReader(), b"\0Apache/1.3.33 (Unix)\0", "lib/python3/test/test_urllib.py") == []


def test_what_a_compiled_script_quotes_is_not_the_system():
    assert search(VersionsReader(), b"\xa7\x0d\x0d\x0a\0\0Linux version 2.6.16 (gcc\0", "lib/python3/general.cpython-311.pyc") == []


MARKED = "$1$12345678$" + "a" * 22


@pytest.mark.parametrize(
    ("line", "account", "scheme"),
    [
        (f"user2:{MARKED}:17073:2:::::", "user2", "md5"),
        ("nosalt:$1$$" + "b" * 22, "nosalt", "md5"),
        ("johndoe:$6$HcGU0JUp$" + "c" * 86 + ":17190", "johndoe", "sha512"),
        ("root:ST0P8z9dZb6Jg:17073:0:::::", "root", "des"),
        ("admin:{SHA}" + "A" * 27 + "=", "admin", "sha1"),
        ("user:$2y$05$" + "e" * 53, "user", "bcrypt"),
    ],
)
def test_a_hash_line_is_found_in_any_file(line: str, account: str, scheme: str):
    (fact,) = search(HashLinesReader(), b"\0\1 backup " + line.encode() + b"\n", "var/backup.bin")
    assert (fact.account, fact.scheme, fact.source, fact.confidence) == (account, scheme, "pattern", Confidence.LIKELY)


@pytest.mark.parametrize(
    "line", ["vboxadd:!:17073::::::", "mongodb:*:17079:0:99999:7:::", f"user:{MARKED}toolong", "time:12:34:56", "a:$1$short$abc:"]
)
def test_what_is_no_hash_stays_silent(line: str):
    assert search(HashLinesReader(), line.encode() + b"\n", "var/backup.bin") == []


def test_files_with_a_reader_of_their_own_are_left_to_it():
    assert search(HashLinesReader(), f"root:{MARKED}:1:0:::::\n".encode(), "etc/shadow") == []


def test_a_credential_in_an_address_is_found():
    (fact,) = search(UrlCredentialsReader(), b"\0fetch ftp://pump:url-secret-1@updates.hospital.net/fw\0")
    assert (fact.subject, fact.opens, fact.store, fact.where.offset) == ("pump", "ftp", "url", 7)
    assert fact.secret.digest == KEY.redact(fact.secret.kind, fact.secret.form, "url-secret-1").digest


def test_a_credential_in_a_text_is_found_at_its_line():
    (fact,) = search(UrlCredentialsReader(), b"#!/bin/sh\n\nwget ftp://pump:url-secret-1@updates.hospital.net/fw\n", "opt/update.sh")
    assert (fact.where.line, fact.where.offset) == (3, None)


@pytest.mark.parametrize(
    "text",
    [
        b"http://%s:%s@%s/",
        b"http://host:8080/path@2x.png",
        b"https://user@host.net/",
        b"https://user:<password>@host.net/",
    ],
)
def test_format_strings_and_addresses_without_a_secret_are_none(text: bytes):
    assert search(UrlCredentialsReader(), text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"http://user:password@host/", "example text"),
        (b"http://user:secret1@proxy.example.com", "example text"),
        (b"http://user:$PASS@updates.net", "template variable"),
        (b"http://user:${PASS}@updates.net", "template variable"),
        (b"http://user:a${PASS}@updates.net", "template variable"),
        (b"https://a:b@updates.net/?abc", "example text"),
        (b"postgresql://user:secret@localhost:5433/database", "example text"),
    ],
)
def test_an_address_of_a_manual_is_said_as_dismissed(text: bytes, reason: str):
    assert [fact.secret.placeholder for fact in search(UrlCredentialsReader(), text)] == [reason]


@pytest.mark.parametrize(
    ("text", "user", "secret"),
    [
        (b"amqp://pump:Tq7%2Fw%40rd@localhost:5672/", "pump", "Tq7/w@rd"),
        (b"mysql+pymysql://pump:Tq7$ward@db7/icu", "pump", "Tq7$ward"),
        (b"jdbc:mysql://pump:Tq7:ward@db7/icu", "pump", "Tq7:ward"),
        (b"redis://:Tq7-ward@[::1]:6379/0", "", "Tq7-ward"),
    ],
)
def test_an_address_of_any_scheme_is_read_as_its_standard_says(text: bytes, user: str, secret: str):
    (fact,) = search(UrlCredentialsReader(), text)
    assert (fact.subject, fact.secret.placeholder) == (user, "")
    assert fact.secret.digest == KEY.redact(fact.secret.kind, fact.secret.form, secret).digest


@pytest.mark.parametrize("address", [b"mysql://icu:Tq7-ward@localhost/db", b"postgres://root:password@10.1.2.3/db"])
def test_a_log_in_to_a_database_of_the_device_itself_is_no_example(address: bytes):
    assert [fact.subject for fact in search(UrlCredentialsReader(), address)] == [address.split(b"//")[1].split(b":")[0].decode()]


def test_words_for_the_parts_of_an_address_are_no_log_in():
    (fact,) = search(UrlCredentialsReader(), b"postgres://user:secret@db7/db username:password")
    assert fact.secret.placeholder == "example text"
