"""Every CSAF document that we write passes the mandatory tests of the standard (CSAF 2.0, 6.1), by a checker that is not ours. No network."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asepsis.reports.tell import tell
from tests.cases.reports import studies

checker = pytest.importorskip("csaf.csaf.v20", reason="the package csaf of requirements/dev.txt is not installed")


def failed(document: dict[str, Any]) -> dict[str, list[str]]:
    """The tests that it does not pass, with what they found; the schema is one of them."""
    report = checker.validate(document, preset="mandatory")
    assert len(report.results) > 30
    return {one.id: [f"{error.instance_path}: {error.message}" for error in one.errors] for one in report.results if not one.passed}


@pytest.mark.parametrize("name", studies.ALL)
def test_every_document_passes_the_mandatory_tests(name: str):
    assert failed(json.loads(tell(studies.ALL[name], "csaf"))) == {}


def test_the_checker_sees_a_version_that_is_a_range():
    """Without this a checker that looks at nothing would pass."""
    document = json.loads(tell(studies.FLAWS, "csaf"))
    branch = next(one for one in document["product_tree"]["branches"] if "branches" in one)
    branch["branches"][0]["name"] = "prior to 7.3"
    assert list(failed(document)) == ["6.1.31"]
