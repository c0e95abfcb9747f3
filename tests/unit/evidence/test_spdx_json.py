"""Bills of materials in SPDX 2, JSON."""

from __future__ import annotations

from typing import Any

import pytest

from asepsis.evidence.protocols.bill import SUBJECT
from asepsis.evidence.reader import Flawed, Malformed, NotThisFormat
from asepsis.evidence.readers.bills.spdx_json import SpdxJsonReader
from asepsis.model.facts import Confidence, OperatingSystem
from tests.unit.evidence.reading_bills import names, parts, read_bill

READER = SpdxJsonReader()


def package(name: str, version: str = "1.0", **more: Any) -> dict[str, Any]:
    return {"name": name, "SPDXID": f"SPDXRef-{name}", "versionInfo": version, "downloadLocation": "NOASSERTION", **more}


def document(*packages: Any, relations: tuple[tuple[str, str, str], ...] = (), **more: Any) -> dict[str, Any]:
    related = [{"spdxElementId": f"SPDXRef-{one}", "relationshipType": kind, "relatedSpdxElement": other} for one, kind, other in relations]
    return {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", **more, "packages": packages, "relationships": related}


def test_a_package_is_told_with_everything_that_is_declared_of_it():
    openssl = package(
        "openssl",
        "1.1.1n",
        supplier="Organization: OpenSSL (info@openssl.example)",
        licenseConcluded="NOASSERTION",
        licenseDeclared="OpenSSL",
        checksums=[{"algorithm": "SHA1", "checksumValue": "0"}, {"algorithm": "SHA256", "checksumValue": "cd" * 32}],
        externalRefs=[
            {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:openssl:openssl:1.1.1n:*:*:*:*:*:*:*"},
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3"},
            {"referenceCategory": "OTHER", "referenceType": "http://acme.example/id", "referenceLocator": "acme/1"},
        ],
    )
    facts, error = read_bill(READER, document(openssl, package("zlib"), relations=(("openssl", "DEPENDS_ON", "SPDXRef-zlib"),)))
    assert error is None
    part = parts(facts)[0]
    assert (part.name, part.version, part.product, part.supplier, part.licence) == ("openssl", "1.1.1n", "openssl", "OpenSSL", "OpenSSL")
    assert (part.sha256, part.depends) == ("cd" * 32, ("zlib",))
    assert part.purl == "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3"
    assert part.cpe == "cpe:2.3:a:openssl:openssl:1.1.1n:*:*:*:*:*:*:*"


@pytest.mark.parametrize("nothing", ["NOASSERTION", "NONE"])
def test_placeholders_are_nothing(nothing: str):
    facts, _ = read_bill(READER, document(package("a", nothing, supplier=nothing, licenseDeclared=nothing)))
    (part,) = parts(facts)
    assert (part.version, part.supplier, part.licence) == ("", "", "")


def test_the_one_package_that_the_document_describes_is_the_thing_itself():
    described = {"documentDescribes": ["SPDXRef-pump"]}
    assert names(read_bill(READER, document(package("pump"), package("a"), **described))[0]) == ["a"]
    related = (("DOCUMENT", "DESCRIBES", "SPDXRef-pump"),)
    assert names(read_bill(READER, document(package("pump"), package("a"), relations=related))[0]) == ["a"]
    url = [{"referenceType": "purl", "referenceLocator": "pkg:generic/pump@1.0"}]
    facts, _ = read_bill(READER, document(package("pump", externalRefs=url), package("a"), **described))
    assert {part.name: part.method == SUBJECT for part in parts(facts)} == {"pump": True, "a": False}


def test_a_document_that_describes_all_its_packages_or_holds_only_one_names_parts():
    assert names(read_bill(READER, document(package("a"), package("b"), documentDescribes=["SPDXRef-a", "SPDXRef-b"]))[0]) == ["a", "b"]
    assert names(read_bill(READER, document(package("a"), documentDescribes=["SPDXRef-a"]))[0]) == ["a"]


def test_files_are_no_parts():
    facts, _ = read_bill(READER, document(package("a"), files=[{"fileName": "./x.c", "SPDXID": "SPDXRef-x"}]))
    assert names(facts) == ["a"]


def test_what_is_needed_for_tests_only_is_weak_unless_something_else_needs_it_too():
    relations = (("t", "TEST_DEPENDENCY_OF", "SPDXRef-a"), ("u", "DEV_DEPENDENCY_OF", "SPDXRef-a"), ("a", "DEPENDS_ON", "SPDXRef-u"))
    facts, _ = read_bill(READER, document(package("a"), package("t"), package("u"), relations=relations))
    assert {part.name for part in parts(facts) if part.confidence is Confidence.WEAK} == {"t"}


def test_relations_to_noassertion_say_that_more_is_there():
    facts, error = read_bill(READER, document(package("a"), relations=(("a", "CONTAINS", "NOASSERTION"),)))
    assert names(facts) == ["a"]
    assert isinstance(error, Flawed)
    assert "does not name all parts" in error.what
    assert read_bill(READER, document(package("a"), relations=(("a", "CONTAINS", "NONE"),)))[1] is None


def test_an_operating_system_is_one():
    facts, _ = read_bill(READER, document(package("debian", "11", primaryPackagePurpose="OPERATING-SYSTEM")))
    assert [fact.product for fact in facts if isinstance(fact, OperatingSystem)] == ["debian"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"packages": "none"}, "wrong kind"),
        ({"spdxVersion": "SPDX-7.0"}, "names no version"),
        ({"packages": [package("a"), 7, package("b", versionInfo=1)]}, "wrong kind"),
        ({"packages": [{"SPDXID": "x"}]}, "without a name"),
    ],
)
def test_one_wrong_thing_costs_nothing_else(wrong: dict[str, Any], what: str):
    facts, error = read_bill(READER, {**document(package("a")), **wrong})
    assert isinstance(error, Flawed)
    assert what in error.what
    assert wrong.get("packages") in ("none", [{"SPDXID": "x"}]) or "a" in names(facts)


def test_a_cut_document_keeps_what_stands_before():
    facts, error = read_bill(READER, '{"spdxVersion": "SPDX-2.3",\n"packages": [{"name": "a", "SPDXID": "x"},\n{"name": "b"')
    assert names(facts) == ["a"]
    assert isinstance(error, Malformed)
    assert (error.what, error.line) == ("is cut short", 3)


def test_another_json_is_not_this_format():
    assert isinstance(read_bill(READER, {"SPDXID": "x"})[1], NotThisFormat)


def test_utf_16_is_read():
    assert names(read_bill(READER, '{"spdxVersion": "SPDX-2.3", "packages": [{"name": "größe", "SPDXID": "x"}]}'.encode("utf-16"))[0]) == ["größe"]


@pytest.mark.parametrize("purpose", ["FILE", "DEVICE"])
def test_a_file_or_a_device_is_a_part_only_with_a_version_or_a_name_that_flaws_are_published_under(purpose: str):
    url = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/radio"}
    things = (package("pumpd", "", primaryPackagePurpose=purpose), package("probe", "2", primaryPackagePurpose=purpose))
    named = package("radio", "", primaryPackagePurpose=purpose, externalRefs=[url])
    assert names(read_bill(READER, document(*things, named, package("a")))[0]) == ["probe", "radio", "a"]
