"""What is the same in the three forms of VEX: documents made to break a reader, and long ones."""

from __future__ import annotations

import json
from time import process_time

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.advisories.csaf_vex import CsafVexReader
from asepsis.evidence.readers.advisories.cyclonedx_vex import CyclonedxVexReader
from asepsis.evidence.readers.advisories.openvex import OpenvexReader
from asepsis.guard.limits import STANDARD
from asepsis.model.facts import Fact, VexClaim
from asepsis.model.software import VexStatus
from tests.unit.evidence.reading import read_file, source_of

DEEP = 100_000
HEADS = {
    OpenvexReader: '{"@context": "https://openvex.dev/ns/v0.2.0", "author": "A", "statements": [',
    CsafVexReader: '{"document": {"csaf_version": "2.0", "publisher": {"name": "A"}}, "vulnerabilities": [',
    CyclonedxVexReader: '{"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [',
}


@pytest.mark.parametrize("bracket", ["[]", "{}"])
@pytest.mark.parametrize("reader", HEADS)
def test_what_is_nested_too_deeply_is_a_problem_and_no_crash(reader, bracket: str):
    opening = bracket[0] if bracket == "[]" else '{"a":'
    nested = opening * DEEP + ("" if bracket == "[]" else "1") + bracket[1] * DEEP
    with pytest.raises(Malformed, match="nested too deeply"):
        read_file(reader(), f'{HEADS[reader]}{{"x": {nested}}}]}}'.encode(), "maker.json")


def test_a_hundred_thousand_statements_are_read_in_half_the_time_that_one_file_has():
    """A twentieth of them in a twentieth of that time."""
    number = 100_000 // 20
    statements = [
        {
            "vulnerability": {"name": f"CVE-2099-{index:06}"},
            "timestamp": "2099-01-01T00:00:00Z",
            "products": [{"@id": f"pkg:deb/debian/lib{index}@1.{index}?arch=arm64", "hashes": {"sha-256": "ab" * 32}}],
            "status": "not_affected",
            "justification": "vulnerable_code_not_present",
            "status_notes": "The module was left out of the build.",
        }
        for index in range(number)
    ]
    data = f"{HEADS[OpenvexReader][:-1]}{json.dumps(statements, indent=1)}}}".encode()
    begin = process_time()
    assert len(read_file(OpenvexReader(), data, "maker.json")) == number
    assert process_time() - begin < STANDARD.read_one_file_seconds / 2 / 20


OPENVEX = '"@context": "https://openvex.dev/ns/v0.2.0", "author": "A"'
CSAF = '"document": {"csaf_version": "2.0", "publisher": {"name": "A"}}'
CYCLONEDX = '"bomFormat": "CycloneDX", "specVersion": "1.6"'


@pytest.mark.parametrize(
    ("reader", "document", "what"),
    [
        (OpenvexReader, f"{{{OPENVEX}}}", "it has no 'statements'"),
        (OpenvexReader, f'{{{OPENVEX}, "statements": {{"vulnerability": "CVE-2099-1"}}}}', "'statements' is no list"),
        (OpenvexReader, f'{{{OPENVEX}, "statements": ["CVE-2099-1 is fixed"]}}', "1 of the 'statements' is no object"),
        (CsafVexReader, f'{{{CSAF}, "vulnerabilities": {{"cve": "CVE-2099-1"}}}}', "'vulnerabilities' is no list"),
        (CsafVexReader, f'{{{CSAF}, "vulnerabilities": [7, 8]}}', "2 of the 'vulnerabilities' are no objects"),
        (CyclonedxVexReader, f'{{{CYCLONEDX}, "vulnerabilities": {{"id": "CVE-2099-1"}}}}', "'vulnerabilities' is no list"),
        (CyclonedxVexReader, f'{{{CYCLONEDX}, "vulnerabilities": [null]}}', "1 of the 'vulnerabilities' is no object"),
    ],
)
def test_statements_of_another_shape_are_a_problem_and_no_silence(reader, document: str, what: str):
    with pytest.raises(Malformed, match=what):
        read_file(reader(), document.encode(), "maker.json")


def test_what_stands_beside_a_statement_of_another_shape_closes_nothing():
    good = '{"vulnerability": "CVE-2099-%d", "products": ["pkg:npm/a@1"], "status": "%s"}'
    data = f'{{{OPENVEX}, "statements": ["CVE-2099-1 is not fixed", {good % (1, "fixed")}, {good % (2, "affected")}]}}'
    facts: list[Fact] = []
    with pytest.raises(Malformed, match="is no object"):
        OpenvexReader().read(source_of(data.encode(), "maker.json"), facts.append)
    assert [(one.vulnerability, one.status) for one in facts if isinstance(one, VexClaim)] == [("CVE-2099-2", VexStatus.AFFECTED)]


def test_a_csaf_document_without_flaws_is_whole():
    assert read_file(CsafVexReader(), f"{{{CSAF}}}".encode(), "maker.json") == []


ONE = {
    OpenvexReader: f'{{{OPENVEX}, "statements": [\n'
    '{"vulnerability": {"name": "CVE-2099-1"}, "products": [{"@id": "pkg:npm/größe@1"}], "status": "fixed"}]}',
    CsafVexReader: f'{{{CSAF}, "product_tree": {{"full_product_names": [{{"name": "größe", "product_id": "P"}}]}}, "vulnerabilities": [\n'
    '{"cve": "CVE-2099-1", "product_status": {"fixed": ["P"]}}]}',
    CyclonedxVexReader: f'{{{CYCLONEDX}, "components": [{{"bom-ref": "P", "name": "größe", "version": "1"}}], "vulnerabilities": [\n'
    '{"id": "CVE-2099-1", "analysis": {"state": "resolved"}, "affects": [{"ref": "P"}]}]}',
}


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("reader", ONE)
def test_a_document_in_another_encoding_says_the_same_at_the_same_line(reader, codec: str):
    def told(data: bytes):
        return [(fact, fact.where.line) for fact in read_file(reader(), data, "maker.json")]

    (whole,) = told(ONE[reader].encode())
    assert told(ONE[reader].encode(codec)) == [whole]


@pytest.mark.parametrize("reader", ONE)
def test_a_document_in_utf_16_that_is_cut_closes_nothing(reader):
    facts: list[Fact] = []
    with pytest.raises(Malformed, match="no whole JSON"):
        reader().read(source_of(ONE[reader].encode("utf-16")[:-5], "maker.json"), facts.append)
    assert facts == []
