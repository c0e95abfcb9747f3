"""Bills of materials in SPDX 3, JSON-LD."""

from __future__ import annotations

from typing import Any

import pytest

from asepsis.evidence.reader import Flawed, Malformed
from asepsis.evidence.readers.bills.spdx3_json import Spdx3JsonReader
from asepsis.model.facts import Confidence
from tests.unit.evidence.reading_bills import names, parts, read_bill

READER = Spdx3JsonReader()
NOBODY = "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"


def document(*elements: dict[str, Any], version: str = "3.0.1") -> dict[str, Any]:
    created = {"type": "CreationInfo", "@id": "_:c", "specVersion": version}
    return {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [created, *elements]}


def package(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "software_Package", "spdxId": f"urn:{name}", "name": name, **more}


def relation(one: str, kind: str, *others: str, **more: Any) -> dict[str, Any]:
    return {"type": "Relationship", "from": f"urn:{one}", "relationshipType": kind, "to": list(others), **more}


def test_makers_licences_and_relations_are_put_together():
    facts, error = read_bill(
        READER,
        document(
            relation("curl", "hasDeclaredLicense", "urn:licence"),
            relation("curl", "dependsOn", "urn:zlib"),
            {"type": "SpdxDocument", "spdxId": "urn:d", "rootElement": ["urn:pump"]},
            package("pump"),
            package(
                "curl",
                software_packageVersion="7.64.0",
                software_packageUrl="pkg:generic/curl@7.64.0",
                suppliedBy="urn:maker",
                externalIdentifier=[{"externalIdentifierType": "cpe23", "identifier": "cpe:2.3:a:haxx:curl:7.64.0:*:*:*:*:*:*:*"}],
                verifiedUsing=[{"type": "Hash", "algorithm": "sha256", "hashValue": "ab" * 32}],
            ),
            package("zlib"),
            {"type": "Organization", "spdxId": "urn:maker", "name": "Haxx"},
            {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:licence", "simplelicensing_licenseExpression": "curl"},
        ),
    )
    assert error is None
    assert names(facts) == ["curl", "zlib"]
    curl = parts(facts)[0]
    assert (curl.version, curl.purl, curl.supplier, curl.licence) == ("7.64.0", "pkg:generic/curl@7.64.0", "Haxx", "curl")
    assert (curl.cpe, curl.sha256, curl.depends) == ("cpe:2.3:a:haxx:curl:7.64.0:*:*:*:*:*:*:*", "ab" * 32, ("zlib",))


def test_files_and_packages_of_data_are_no_parts():
    facts, _ = read_bill(READER, document(package("a"), {"type": "software_File", "name": "f"}, {"type": "dataset_DatasetPackage", "name": "d"}))
    assert names(facts) == ["a"]


def test_what_is_needed_for_tests_only_is_weak():
    facts, _ = read_bill(READER, document(package("a"), package("t"), relation("a", "dependsOn", "urn:t", scope="test")))
    assert [part.name for part in parts(facts) if part.confidence is Confidence.WEAK] == ["t"]


@pytest.mark.parametrize(
    ("elements", "version", "what"),
    [
        ((relation("a", "contains", NOBODY),), "3.0.1", "does not name all parts"),
        ((), "4.0", "names no version"),
        (({"type": "software_Package", "spdxId": "x"},), "3.0.1", "without a name"),
    ],
)
def test_one_wrong_thing_costs_nothing_else(elements: tuple[dict[str, Any], ...], version: str, what: str):
    facts, error = read_bill(READER, document(package("a"), *elements, version=version))
    assert names(facts) == ["a"]
    assert isinstance(error, Flawed)
    assert what in error.what


def test_a_cut_document_keeps_what_stands_before():
    facts, error = read_bill(READER, '{"@context":"https://spdx.org/rdf/3.0.1/x","@graph":[{"type":"software_Package","name":"a"},{"type":')
    assert names(facts) == ["a"]
    assert isinstance(error, Malformed)
    assert error.what == "is cut short"
