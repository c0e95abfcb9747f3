"""Readers of matches: version strings, password hashes, credentials in addresses."""

from __future__ import annotations

import pytest

from asepsis.evidence.readers.firmware.hash_lines import HashLinesReader
from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader
from asepsis.evidence.readers.firmware.versions import FINGERPRINTS, VersionsReader
from asepsis.model.facts import Component, Confidence, OperatingSystem
from tests.unit.evidence.reading import KEY, search

PRINTED = {
    "Linux": (b"Linux version 3.18.109 (gcc version 4.8.3)", "3.18.109"),
    "BusyBox": (b"BusyBox v1.23.2 (2017-11-02 16:14:02 UTC)", "1.23.2"),
    "OpenSSL": (b"OpenSSL 1.0.2n  7 Dec 2017", "1.0.2n"),
    "OpenSSH": (b"SSH-2.0-OpenSSH_7.4p1", "7.4p1"),
    "Dropbear": (b"SSH-2.0-dropbear_2017.75", "2017.75"),
    "dnsmasq": (b"dnsmasq-2.73", "2.73"),
    "lighttpd": (b"lighttpd/1.4.35", "1.4.35"),
    "nginx": (b"nginx/1.13.3", "1.13.3"),
    "Apache HTTP Server": (b"Apache/2.2.34 (Unix)", "2.2.34"),
    "PHP": (b"X-Powered-By: PHP/7.3.5", "7.3.5"),
    "Boa": (b"Boa/0.94.14rc21", "0.94.14rc21"),
    "thttpd": (b"thttpd/2.25b 29dec2003", "2.25b"),
    "mini_httpd": (b"mini_httpd/1.19 19dec2003", "1.19"),
    "MiniUPnPd": (b"miniupnpd/1.0 UPnP", "1.0"),
    "wpa_supplicant": (b"wpa_supplicant v2.6-devel", "2.6-devel"),
    "hostapd": (b"hostapd v2.9", "2.9"),
    "zlib": (b" inflate 1.2.8 Copyright 1995-2013 Mark Adler ", "1.2.8"),
    "U-Boot": (b"U-Boot 2016.05 (Jun 01 2016)", "2016.05"),
    "mbed TLS": (b"mbed TLS 2.14.1", "2.14.1"),
    "wolfSSL": (b"wolfSSL 3.15.3", "3.15.3"),
    "GNU C Library": (b"GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.", "2.28"),
    "uClibc": (b"uClibc-0.9.33.2", "0.9.33.2"),
    "curl": (b"libcurl/7.52.1", "7.52.1"),
    "OpenVPN": (b"OpenVPN 2.3.8 mips-openwrt-linux-gnu", "2.3.8"),
    "vsftpd": (b"vsftpd: version 2.3.2", "2.3.2"),
    "ProFTPD": (b"ProFTPD 1.3.5rc3 Server", "1.3.5rc3"),
    "Pure-FTPd": (b"pure-ftpd v1.0.47", "1.0.47"),
    "Samba": (b"Samba 3.0.37", "3.0.37"),
    "Portable SDK for UPnP": (b"Portable SDK for UPnP devices/1.6.18", "1.6.18"),
    "ntpd": (b"ntpd 4.2.8p10@1.3728-o", "4.2.8p10"),
    "iptables": (b"iptables-1.4.16", "1.4.16"),
    "strongSwan": (b"strongSwan 5.6.2", "5.6.2"),
    "VxWorks": (b"VxWorks 6.5", "6.5"),
    "QNX Neutrino": (b"QNX Neutrino 6.5.0", "6.5.0"),
    "FreeRTOS": (b"FreeRTOS Kernel V10.4.3", "10.4.3"),
    "Zephyr": (b"*** Booting Zephyr OS build v2.7.1 ***", "2.7.1"),
    "Orthanc": (b"Orthanc version: 1.12.4", "1.12.4"),
    "DCMTK": (b"$dcmtk: storescp v3.6.5 2019-10-28 $", "3.6.5"),
}


@pytest.mark.parametrize("fingerprint", FINGERPRINTS, ids=lambda item: item.name)
def test_what_the_program_prints_is_recognised_with_its_version(fingerprint):
    text, version = PRINTED[fingerprint.name]
    (fact,) = search(VersionsReader(), b"\x7fELF" + bytes(5000) + text + b"\0" + text + b"\0")
    assert (fact.name, fact.version, fact.product) == (fingerprint.name, version, fingerprint.product)
    assert isinstance(fact, OperatingSystem if fingerprint.system else Component)
    assert 5004 <= fact.where.offset <= 5004 + len(text)


def test_a_format_string_is_no_version():
    assert search(VersionsReader(), b"\x7fELF\0Linux version %s\0OpenSSL %s\0BusyBox v%d\0") == []


def test_a_text_that_names_a_system_is_not_that_system_and_a_weak_witness_of_a_program():
    facts = search(VersionsReader(), b"Linux version 2.6.30\nBusyBox v1.01\n", "etc/notes.txt")
    assert [(type(fact), fact.version, fact.confidence) for fact in facts] == [(Component, "1.01", Confidence.WEAK)]


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


@pytest.mark.parametrize(
    "text",
    [
        b"http://%s:%s@%s/",
        b"http://user:password@host/",
        b"http://user:secret1@proxy.example.com",
        b"http://user:${PASS}@updates.net",
        b"http://host:8080/path@2x.png",
        b"https://user@host.net/",
    ],
)
def test_examples_and_format_strings_are_none(text: bytes):
    assert search(UrlCredentialsReader(), text) == []
