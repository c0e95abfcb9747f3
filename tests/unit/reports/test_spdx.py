import json
import warnings
from dataclasses import replace

import pytest

from asepsis.reports.exporters.spdx import SpdxExporter
from tests.cases.reports import studies

FOREIGN = replace(studies.PUMP, inventory=(replace(studies.LIBC, name="библиотека 図書館", supplier="Größe & Söhne (x) ]]> <x>"),))
MAKER = replace(studies.PUMP, device=replace(studies.DEVICE, maker="Example Medical", model="Pump 3", version="1.4"))
ALL = {**studies.ALL, "foreign": FOREIGN, "maker": MAKER}


def document(study):
    return json.loads(SpdxExporter().write(study))


def package(study, item):
    return next(one for one in document(study)["packages"] if one["SPDXID"] == f"SPDXRef-{item.id}")


def relations(study, kind):
    return [(one["spdxElementId"], one["relatedSpdxElement"]) for one in document(study)["relationships"] if one["relationshipType"] == kind]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ALL)
def test_every_study_is_valid_for_the_tools_of_spdx(name):
    """They read it into their own model and check that against the specification."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = pytest.importorskip("spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser")
        validator = pytest.importorskip("spdx_tools.spdx.validation.document_validator")
        read = parser.JsonLikeDictParser().parse(document(ALL[name]))
        assert [message.validation_message[:300] for message in validator.validate_full_spdx_document(read)] == []
    assert len(read.packages) == len(document(ALL[name])["packages"])


def test_every_reference_points_at_something_and_every_name_is_used_once():
    for study in ALL.values():
        whole = document(study)
        refs = [whole["SPDXID"], *(one["SPDXID"] for one in whole["packages"])]
        assert len(refs) == len(set(refs))
        named = {one[side] for one in whole["relationships"] for side in ("spdxElementId", "relatedSpdxElement")}
        assert named <= {*refs, "NONE", "NOASSERTION"}
        known = {one["licenseId"] for one in whole["hasExtractedLicensingInfos"]}
        assert {one["licenseDeclared"] for one in whole["packages"] if one["licenseDeclared"].startswith("LicenseRef-")} == known


def test_the_device_is_what_the_document_describes():
    assert relations(MAKER, "DESCRIBES") == [("SPDXRef-DOCUMENT", "SPDXRef-device")]
    root = document(MAKER)["packages"][0]
    assert (root["name"], root["versionInfo"], root["supplier"]) == ("Pump 3", "1.4", "Organization: Example Medical")
    assert (root["primaryPackagePurpose"], document(studies.PUMP)["packages"][0]["supplier"]) == ("DEVICE", "NOASSERTION")


def test_an_item_tells_who_made_it_what_names_it_and_where_it_was_seen():
    said = package(studies.PUMP, studies.LIBSSL)
    assert said["supplier"] == "Organization: Debian OpenSSL Team"
    assert [one["referenceLocator"] for one in said["externalRefs"]] == [studies.LIBSSL.purl, studies.LIBSSL.cpe]
    assert said["comment"].startswith(
        "Identified by package list, version string (confirmed). Seen at pump-1.4.bin!rootfs.squashfs!usr/lib/libcrypto"
    )
    assert "var/lib/dpkg/status:40 of evidence e1" in said["comment"]


def test_the_end_of_support_stands_in_its_field_and_the_level_beside_it():
    said = package(studies.PUMP, studies.LIBSSL)
    assert said["validUntilDate"] == "2023-09-11T00:00:00Z"
    assert said["annotations"][0]["comment"].startswith("Level of support: no longer maintained; end of support 2023-09-11. Source: openssl 1.1.1")
    assert "validUntilDate" not in package(studies.PUMP, studies.PUMPD)


def test_each_file_of_an_item_has_its_own_checksum():
    whole = document(studies.PUMP)
    inside = [other for one, other in relations(studies.PUMP, "CONTAINS") if one == f"SPDXRef-{studies.LIBSSL.id}"]
    assert [one["checksums"][0]["checksumValue"] for one in whole["packages"] if one["SPDXID"] in inside] == ["c1" * 32, "c2" * 32]
    program = package(studies.PUMP, studies.PUMPD)
    assert (program["primaryPackagePurpose"], program["checksums"][0]["checksumValue"]) == ("FILE", "c4" * 32)
    assert program["comment"].startswith("Not identified")


def test_a_licence_is_an_expression_or_the_words_of_its_source():
    assert package(studies.PUMP, studies.LIBSSL)["licenseDeclared"] == "OpenSSL"
    own = package(studies.PUMP, studies.LIBC)["licenseDeclared"]
    told = {one["licenseId"]: one["extractedText"] for one in document(studies.PUMP)["hasExtractedLicensingInfos"]}
    assert told == {own: "see /usr/share/doc/libc6/copyright"}
    assert package(studies.PUMP, studies.LINUX)["licenseDeclared"] == "NOASSERTION"


def test_dependencies_are_declared_linked_none_or_unknown():
    ref = {item.name: f"SPDXRef-{item.id}" for item in studies.INVENTORY}
    needs = relations(studies.PUMP, "DEPENDS_ON")
    assert (ref["libssl1.1"], ref["libc6"]) in needs
    assert [other for one, other in needs if one == ref["pumpd"]] == [ref["libssl1.1"], ref["libc6"]]
    assert [other for one, other in needs if one == ref["libc6"]] == ["NONE"]
    assert [other for one, other in needs if one == ref["Linux"]] == ["NOASSERTION"]
    assert "debconf" in package(studies.PUMP, studies.LIBSSL)["annotations"][1]["comment"]


def test_what_could_not_be_looked_at_stands_on_the_document():
    said = [one["comment"] for one in document(studies.PUMP)["annotations"]]
    assert said[0] == "67 % of 143 executables identified"
    assert any("no tool on this machine opens UBI images" in text for text in said)


def test_the_namespace_is_made_of_the_content():
    whole = document(studies.PUMP)
    assert whole["creationInfo"]["created"] == "2026-11-20T00:00:00Z"
    assert document(MAKER)["documentNamespace"] != whole["documentNamespace"] == document(studies.PUMP)["documentNamespace"]
