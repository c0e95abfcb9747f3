"""Real bills of materials, each read by the reader that should know it, and its parts counted a second time in another way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from asepsis.evidence.candidates import Candidates
from asepsis.evidence.look import Look
from asepsis.evidence.protocols.bill import DECLARED
from asepsis.evidence.readers import FILE_READERS
from asepsis.model.evidence import Cause
from asepsis.model.facts import Component
from tests.real.shared import DATA
from tests.unit.evidence.reading import source_of

ROOT = DATA or Path("absent")
BILLS, SPDX_TESTS, CYCLONEDX = ROOT / "f_sbom", ROOT / "h_schemas" / "spdx_tools_tests", ROOT / "h_schemas" / "cyclonedx" / "test"
pytestmark = [pytest.mark.real, pytest.mark.skipif(not BILLS.is_dir(), reason="the shared data are not on this machine")]
READERS = [reader for reader in FILE_READERS if ".bills." in type(reader).__module__]
CANDIDATES = Candidates(READERS)
NO_BILLS = frozenset({"LICENSE", "LICENSE-MIT.txt", "bad.csv"})
KINDS = frozenset({"cryptographic-asset", "data", "device", "file"})


def files(root: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in root.glob(pattern) if path.is_file() and path.name not in NO_BILLS)


def look(path: Path) -> Look:
    seen = Look(source_of(path.read_bytes(), path.name), 200_000)
    seen.with_readers(CANDIDATES.of(path.name, seen.head))
    assert [problem for problem in seen.problems if problem.cause is Cause.OUR_BUG] == []
    return seen


def declared(seen: Look) -> set[str]:
    return {fact.name for fact in seen.facts if isinstance(fact, Component) and fact.method == DECLARED}


def text(path: Path) -> str:
    data = path.read_bytes()
    return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")


def components(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in value.get("components") or ():
        yield one
        yield from components(one)


def named_in_cyclonedx_json(path: Path) -> set[str]:
    whole = json.loads(text(path))
    found = [*components(whole), *components(whole.get("metadata", {}).get("component", {}))]
    return {one["name"] for one in found if one.get("name") and (one.get("type") not in KINDS or one.get("purl") or one.get("cpe"))}


def named_in_cyclonedx_xml(path: Path) -> set[str]:
    root = ET.fromstring(path.read_bytes())
    space = root.tag.partition("}")[0] + "}"

    def below(element: ET.Element) -> Iterator[ET.Element]:
        for one in element.findall(f"{space}components/{space}component"):
            yield one
            yield from below(one)

    named = set[str]()
    for start in (root, *root.findall(f"{space}metadata/{space}component")):
        for one in below(start):
            bare = one.get("type") in KINDS and not one.findtext(f"{space}purl") and not one.findtext(f"{space}cpe")
            named |= {(one.findtext(f"{space}name") or "").strip()} if not bare else set()
    return named - {""}


def named_in_spdx(path: Path) -> tuple[set[str], set[str]]:
    """All packages, and those that the document is of."""
    content = text(path)
    if content.lstrip().startswith("{"):
        whole = json.loads(content)
        packages = {one["SPDXID"]: one["name"] for one in whole.get("packages", ())}
        described = set(whole.get("documentDescribes", ()))
        for one in whole.get("relationships", ()):
            described |= {one["relatedSpdxElement"]} if one["relationshipType"] == "DESCRIBES" else set()
    else:
        packages, described, name = {}, set[str](), ""
        for line in content.splitlines():
            tag, _, value = (part.strip() for part in line.partition(":"))
            if tag == "PackageName":
                name = value
            elif tag == "FileName":
                name = ""
            elif tag == "SPDXID" and name:
                packages[value], name = name, ""
            elif tag == "Relationship" and " DESCRIBES " in value:
                described.add(value.split()[-1])
    return set(packages.values()), {packages[one] for one in described if one in packages}


def test_every_bill_is_known_to_one_reader():
    for path in files(BILLS, "**/*") + files(SPDX_TESTS, "*"):
        seen = look(path)
        assert len(seen.recognised) == 1, path
        assert seen.recognised != ["unread_bills"] or [problem.cause for problem in seen.problems] == [Cause.NOT_PERMITTED], path


def test_cyclonedx_in_json_gives_every_part():
    read = [path for path in files(BILLS, "**/*.json") if look(path).recognised == ["cyclonedx_json"]]
    assert len(read) == 39  # 30 examples of CycloneDX, 8 tests of a tool, a case study
    for path in read:
        assert declared(look(path)) == named_in_cyclonedx_json(path), path


def test_cyclonedx_in_xml_gives_every_part():
    read = [path for path in files(BILLS, "**/*.xml") if look(path).recognised == ["cyclonedx_xml"]]
    assert len(read) == 4
    for path in read:
        assert declared(look(path)) == named_in_cyclonedx_xml(path), path


def test_the_same_bill_in_json_and_xml_gives_the_same_parts():
    for folder, one, other in (
        ("dropwizard-1.3.15", "bom.json", "bom.xml"),
        ("laravel-7.12.0", "bom.1.4.json", "bom.1.4.xml"),
        ("protonmail-webclient-v4-0912dff", "bom.json", "bom.xml"),
    ):
        told = [
            {
                (fact.name, fact.version, fact.purl, fact.sha256)
                for fact in look(BILLS / "cyclonedx_examples" / "SBOM" / folder / name).facts
                if isinstance(fact, Component)
            }
            for name in (one, other)
        ]
        assert told[0] == told[1]


def test_spdx_2_gives_every_package_but_the_one_that_the_document_is_of():
    read = [path for path in files(BILLS, "**/*") + files(SPDX_TESTS, "*") if look(path).recognised in (["spdx_json"], ["spdx_tag_value"])]
    assert len(read) >= 30
    for path in read:
        packages, described = named_in_spdx(path)
        subject = described if len(described) == 1 and len(packages) > 1 else set()
        assert declared(look(path)) == packages - subject, path


def test_spdx_3_gives_every_package_but_the_one_that_the_document_is_of():
    read = [path for path in files(BILLS, "**/spdx3.0/*.json") if look(path).recognised == ["spdx3_json"]]
    assert len(read) >= 18
    for path in read:
        graph = json.loads(text(path))["@graph"]
        packages = {one.get("spdxId"): one["name"] for one in graph if one["type"] == "software_Package"}
        roots = {root for one in graph for root in one.get("rootElement", ())}
        roots |= {to for one in graph if one.get("relationshipType") == "describes" for to in one["to"]}
        subjects = {packages[root] for root in roots if root in packages}
        assert declared(look(path)) in (set(packages.values()), set(packages.values()) - subjects), path


@pytest.mark.parametrize("version", ["1.4", "1.5", "1.6", "1.7"])
def test_the_standards_own_tests_are_read_whether_valid_or_not(version: str):
    for path in files(CYCLONEDX / version, "*.json", "*.xml"):
        seen = look(path)
        known = {"cyclonedx_json", "cyclonedx_xml"} & set(seen.recognised)
        if path.name.startswith("valid-"):
            assert known, path
            named = named_in_cyclonedx_json(path) if path.suffix == ".json" else named_in_cyclonedx_xml(path)
            assert declared(seen) == named, path
