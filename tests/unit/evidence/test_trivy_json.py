"""What Trivy writes of software."""

from __future__ import annotations

from typing import Any

from asepsis.evidence.reader import Flawed, NotThisFormat
from asepsis.evidence.readers.bills.trivy_json import TrivyJsonReader
from asepsis.model.facts import Confidence, OperatingSystem
from tests.unit.evidence.reading_bills import names, parts, read_bill

READER = TrivyJsonReader()
FLAW = {"VulnerabilityID": "CVE-1", "PkgName": "lodash", "InstalledVersion": "4.17.20", "PkgIdentifier": {"PURL": "pkg:npm/lodash@4.17.20"}}


def document(*results: Any, **more: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": 2,
        "ArtifactName": "image.tar",
        "Metadata": {"OS": {"Family": "debian", "Name": "11.6"}},
        "Results": list(results),
        **more,
    }


def test_packages_are_told_with_the_whole_version():
    packages = [
        {
            "ID": "bash@1",
            "Name": "bash",
            "Version": "5.1",
            "Release": "2+deb11u1",
            "Epoch": 1,
            "Identifier": {"PURL": "pkg:deb/debian/bash@1%3A5.1-2%2Bdeb11u1?distro=debian-11.6"},
            "Licenses": ["GPL-3.0"],
            "DependsOn": ["libc6@2"],
        },
        {"ID": "libc6@2", "Name": "libc6", "Version": "2.31"},
        {"ID": "t", "Name": "jest", "Version": "1", "Dev": True},
    ]
    facts, error = read_bill(READER, document({"Packages": packages, "Vulnerabilities": [FLAW]}))
    assert error is None
    assert names(facts)[-3:] == ["bash", "libc6", "jest"]
    bash, _, jest = parts(facts)[-3:]
    assert (bash.version, bash.licence, bash.depends) == ("5.1", "GPL-3.0", ("libc6",))
    assert bash.purl.startswith("pkg:deb/debian/bash@1:5.1-2%2Bdeb11u1")
    assert jest.confidence is Confidence.WEAK
    assert [(fact.product, fact.version) for fact in facts if isinstance(fact, OperatingSystem)] == [("debian", "11.6")]


def test_without_packages_only_parts_with_flaws_are_there_and_that_is_said():
    facts, error = read_bill(READER, document({"Vulnerabilities": [FLAW, FLAW]}))
    assert names(facts)[-1:] == ["lodash"]
    assert isinstance(error, Flawed)
    assert error.what == "names only the parts that its scanner found flaws in"


def test_results_of_the_wrong_kind_are_said_and_none_are_none():
    assert isinstance(read_bill(READER, document(Results=7))[1], Flawed)
    assert read_bill(READER, document(Results=None))[1] is None
    assert isinstance(read_bill(READER, document(7))[1], Flawed)
    assert isinstance(read_bill(READER, document({"Packages": {}}))[1], Flawed)
    assert read_bill(READER, document({"Packages": None, "Vulnerabilities": None}))[1] is None


def test_another_document_is_not_this_format():
    assert isinstance(read_bill(READER, document(SchemaVersion="two"))[1], NotThisFormat)
