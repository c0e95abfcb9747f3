"""Secrets in more than one place, on the first screen and when explained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.secret import SecretKind
from asepsis.model.shared import PublicHalf, Sent, SharedSecret, Sharing
from asepsis.model.where import Where
from asepsis.reports.shared import across, shared_lines
from asepsis.reports.summary import COLUMNS, LINES, summary
from tests.cases.reports.studies import ALL, EMPTY, PUMP, ROOT

NAMES = tuple(Evidence(f"e{number}", EvidenceKind.FIRMWARE, f"unit-{number}.bin", str(number) * 64, 1) for number in range(1, 5))


def one(digest: str, what: str, *pieces: str, sharing=Sharing.UNITS, **changes) -> SharedSecret:
    return SharedSecret(digest, SecretKind.KEY, what, sharing, pieces, tuple(Where(piece, f"{piece}/key") for piece in pieces), **changes)


def study(*shared: SharedSecret):
    return replace(PUMP, evidence=NAMES, shared=shared)


def test_one_secret_of_two_units():
    assert across(study(one("a", "private key", "e1", "e2"))) == [
        "One private key is in both units (unit-1.bin and unit-2.bin): whoever opens one has the other"
    ]


def test_several_of_the_same_units_are_one_sentence_and_other_units_another():
    many = [one("a", "private key", "e1", "e2"), one("b", "password hash", "e1", "e2"), one("c", "private key", "e1", "e2")]
    assert across(study(*many, one("d", "private key", "e1", "e2", "e3"))) == [
        "1 password hash and 2 private keys are in both units (unit-1.bin and unit-2.bin): whoever opens one has the other",
        "One private key is in 3 units (unit-1.bin, unit-2.bin and unit-3.bin): whoever opens one has the others",
    ]


def test_pieces_of_evidence_are_not_called_units():
    assert across(study(one("a", "private key", "e1", "e2", sharing=Sharing.PIECES))) == [
        "One private key is in both pieces of evidence (unit-1.bin and unit-2.bin): whoever opens one has the other"
    ]


def test_a_key_with_its_public_half_elsewhere():
    half = PublicHalf("authorised key", "root", Where("e2", "root/.ssh/authorized_keys", line=1))
    apart = replace(one("a", "private key", "e1", sharing=Sharing.HALVES), evidence=("e1", "e2"), public=(half,))
    assert across(study(apart)) == ["A private key lies in unit-1.bin; its public half is authorised in unit-2.bin"]
    assert "  its public half, authorised key of root: unit-2.bin: root/.ssh/authorized_keys:1" in shared_lines(study(apart))


def test_twice_in_one_is_listed_but_not_on_the_first_screen():
    assert across(PUMP) == []
    assert shared_lines(PUMP)[:2] == [
        "5f2a61c09d7be314  One Wi-Fi password lies in 2 places of pump-1.4.bin.",
        f"  {ROOT}etc/wpa_supplicant.conf:7",
    ]
    assert shared_lines(EMPTY) == ["No secret was seen in more than one place"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("many", [1, 5])
def test_the_first_screen_keeps_its_size(name, many):
    long = tuple(replace(piece, name=f"{'very-' * 12}{piece.name}") for piece in NAMES)
    shared = tuple(one(f"d{at}", "private key", "e1", "e2", f"e{at}") for at in range(3, 3 + many))
    lines = summary(replace(ALL[name], evidence=long, shared=shared), [("html", "a"), ("json", "b"), ("sarif", "c")])
    assert len(lines) <= LINES
    assert all(len(line) <= COLUMNS for line in lines)
    assert any("units" in line or "more shared secret" in line for line in lines)


def test_what_the_software_holds_and_the_network_carries():
    sent = Sent("http at 10.0.0.9:80", Where("e2", "ward.pcap", packet=9))
    wire = replace(one("a", "application password", "e1", sharing=Sharing.WIRE), evidence=("e1", "e2"), sent=(sent,))
    assert across(study(wire)) == [
        "The application password found in unit-1.bin is the one that is sent in clear to http at 10.0.0.9:80 (unit-2.bin)"
    ]
    assert "  sent in clear to http at 10.0.0.9:80: unit-2.bin: ward.pcap packet 9" in shared_lines(study(wire))


def test_a_key_that_a_server_shows():
    half = PublicHalf("shown key", "10.0.0.9:22", Where("e2", "ward.pcap", packet=4))
    apart = replace(one("a", "private key", "e1", sharing=Sharing.HALVES), evidence=("e1", "e2"), public=(half,))
    assert across(study(apart)) == ["A private key lies in unit-1.bin; its public half is the key that 10.0.0.9:22 shows in unit-2.bin"]
