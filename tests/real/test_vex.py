"""The schemas of the standards on what we write, and their examples and CISA's advisories on what we read, where they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.advisories.csaf_vex import CsafVexReader
from asepsis.model.facts import Fact, VexClaim
from asepsis.model.software import VexStatus
from asepsis.reports.tell import tell
from tests.cases.reports import studies
from tests.real.shared import DATA
from tests.unit.evidence.reading import source_of

SCHEMAS = DATA / "h_schemas" if DATA else Path("absent")
ADVISORIES = DATA / "d_vulndata" / "csaf_icsma" if DATA else Path("absent")
pytestmark = [pytest.mark.real, pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the shared data are not on this machine")]

OFFICIAL = {"csaf": "csaf/csaf_2.0/json_schema/csaf_json_schema.json", "cyclonedx-vex": "cyclonedx/schema/bom-1.7.schema.json"}
EXAMPLES = "csaf/csaf_2.0/examples/csaf/csaf_vex"


def beside(uri: str) -> Any:
    """The schemas that another refers to, by their file name."""
    name = uri.rsplit("/", 1)[-1].replace(".SNAPSHOT", "")
    files = (SCHEMAS / folder / name for folder in ("cvss/schemas", "cyclonedx/schema"))
    return next((json.loads(file.read_text("utf-8")) for file in files if file.is_file()), True)


@pytest.mark.parametrize("name", studies.ALL)
@pytest.mark.parametrize("format_", OFFICIAL)
def test_every_document_is_valid_by_the_official_schema(name: str, format_: str):
    schema = json.loads((SCHEMAS / OFFICIAL[format_]).read_text("utf-8"))
    validator = jsonschema_rs.validator_for(schema, validate_formats=True, retriever=beside)
    assert [str(error) for error in validator.iter_errors(json.loads(tell(studies.ALL[name], format_)))] == []


def read(file: Path) -> tuple[list[VexClaim], str]:
    """The claims of a document, and what was wrong with it."""
    data, facts = file.read_bytes(), list[Fact]()
    assert CsafVexReader().recognises(file.name, data[:4096])
    try:
        CsafVexReader().read(source_of(data, file.name), facts.append)
    except Malformed as error:
        return [fact for fact in facts if isinstance(fact, VexClaim)], error.what
    return [fact for fact in facts if isinstance(fact, VexClaim)], ""


def test_every_example_of_the_profile_is_read():
    told = {file.stem: read(file) for file in sorted((SCHEMAS / EXAMPLES).glob("*.json"))}
    assert len(told) == 13
    assert [name for name, (claims, wrong) in told.items() if wrong or not claims] == []
    (one,) = told["2022-evd-uc-01-na-001"][0]
    assert (one.vulnerability, one.status, one.justification) == ("CVE-2021-44228", VexStatus.NOT_AFFECTED, None)
    assert (one.component, one.version, one.said_by) == ("ABC", "4.2", "Example Company ProductCERT")
    assert one.detail == "Class with vulnerable code was removed before shipping."


def test_every_advisory_of_cisa_is_read():
    files = sorted(ADVISORIES.glob("**/*.json"))
    if not files:
        pytest.skip("the advisories are not on this machine")
    told = {file.stem: read(file) for file in files}
    assert {name: wrong for name, (_, wrong) in told.items() if wrong} == {}
    assert sum(bool(claims) for claims, _ in told.values()) == len(files)
