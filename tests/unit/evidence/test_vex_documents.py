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
from tests.unit.evidence.reading import read_file

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
