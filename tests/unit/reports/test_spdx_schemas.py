"""SPDX by its published JSON schemas, 2.3 (draft 7) and 3.0.1 (2020-12, made from its model), where a package that carries them is installed.

``lib4sbom`` (Apache-2.0) ships both. It is no requirement: it would bring seven packages for two files, of which nothing else is used.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema_rs
import pytest

from asepsis.reports.exporters.spdx import PURPOSES
from asepsis.reports.tell import tell
from tests.cases.reports import studies

SCHEMAS = {
    "spdx": ("2.3-schema.json", jsonschema_rs.Draft7Validator),
    "spdx3": ("3.0-schema.json", jsonschema_rs.Draft202012Validator),
}


@pytest.mark.parametrize("format_", SCHEMAS)
def test_every_study_is_valid_by_the_official_schema(format_: str):
    found = find_spec("lib4sbom")
    if found is None or found.origin is None:
        pytest.skip("the SPDX schemas are not there: `pip install lib4sbom` brings them")
    name, kind = SCHEMAS[format_]
    validator = kind(json.loads((Path(found.origin).parent / "schemas" / "spdx" / name).read_bytes()))
    said = {name: [str(error)[:300] for error in validator.iter_errors(json.loads(tell(study, format_)))] for name, study in studies.ALL.items()}
    assert {name: errors for name, errors in said.items() if errors} == {}


def test_the_purposes_are_words_of_the_schema():
    """It writes an underscore where the text of the standard (7.24) has a hyphen."""
    assert set(PURPOSES.values()) == {"LIBRARY", "OPERATING_SYSTEM", "FILE"}
