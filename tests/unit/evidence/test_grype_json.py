"""What Grype writes of software: only parts that it found flaws in."""

from __future__ import annotations

from asepsis.evidence.reader import Flawed, NotThisFormat
from asepsis.evidence.readers.bills.grype_json import GrypeJsonReader
from asepsis.model.facts import Component
from tests.unit.evidence.reading_bills import read_bill

READER = GrypeJsonReader()
MATCH = {"vulnerability": {"id": "CVE-2021-1"}, "artifact": {"id": "1", "name": "zlib", "version": "1.2.8", "purl": "pkg:generic/zlib@1.2.8"}}


def test_parts_are_told_once_and_it_is_said_that_others_are_missing():
    facts, error = read_bill(READER, {"matches": [MATCH, MATCH], "distro": {"name": "", "version": ""}, "descriptor": {"name": "grype"}})
    assert [(fact.name, fact.version) for fact in facts if isinstance(fact, Component)] == [("zlib", "1.2.8")]
    assert len(facts) == 1
    assert isinstance(error, Flawed)
    assert error.what == "names only the parts that its scanner found flaws in"


def test_no_match_is_no_bill_without_parts():
    facts, error = read_bill(READER, {"matches": [], "descriptor": {"name": "grype"}})
    assert facts == []
    assert isinstance(error, Flawed)


def test_another_document_is_not_this_format():
    assert isinstance(read_bill(READER, {"matches": [MATCH]})[1], NotThisFormat)


def test_a_match_without_a_part_costs_nothing_else():
    facts, error = read_bill(READER, {"matches": [7, {"artifact": []}, MATCH], "descriptor": {"name": "grype"}})
    assert len(facts) == 1
    assert isinstance(error, Flawed)
    assert "a part without a name, 2 times" in error.what
