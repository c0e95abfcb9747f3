import io
import json
from dataclasses import replace

import pytest

from asepsis.reports.exporters.spdx3 import Spdx3Exporter
from tests.cases.reports import studies

FOREIGN = replace(studies.PUMP, inventory=(replace(studies.LIBC, name="библиотека 図書館", supplier="Größe & Söhne (x) ]]> <x>"),))
MAKER = replace(studies.PUMP, device=replace(studies.DEVICE, maker="Example Medical", model="Pump 3", version="1.4"))
ALL = {**studies.ALL, "foreign": FOREIGN, "maker": MAKER}


def graph(study):
    return json.loads(Spdx3Exporter().write(study))["@graph"]


def tail(name):
    return name.partition("#")[2]


def element(study, name):
    return next(one for one in graph(study) if tail(one.get("spdxId", "")) == name)


def relations(study, kind):
    found = [one for one in graph(study) if one.get("relationshipType") == kind]
    return {(tail(one["from"]), one.get("comment", "")): ([tail(to) or to for to in one["to"]], one["completeness"]) for one in found}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ALL)
def test_every_study_fits_the_model_that_is_generated_from_the_specification(name):
    """Reading refuses unknown properties, types and words; writing refuses what lacks a property that it must have."""
    model = pytest.importorskip("spdx_python_model.bindings.v3_0_1")
    read = model.SHACLObjectSet()
    model.JSONLDDeserializer().read(io.BytesIO(Spdx3Exporter().write(ALL[name])), read)
    assert read.link() == set()
    again = io.BytesIO()
    model.JSONLDSerializer().write(read, again)
    assert len(json.loads(again.getvalue())["@graph"]) == len(graph(ALL[name]))


def test_every_reference_points_at_something_and_every_name_is_used_once():
    for study in ALL.values():
        whole = graph(study)
        names = [one.get("spdxId", one.get("@id")) for one in whole]
        assert len(names) == len(set(names))
        named = {name for one in whole for key in ("from", "subject", "suppliedBy", "dataLicense") for name in [one.get(key)] if name}
        named |= {name for one in whole for key in ("to", "rootElement", "element") for name in one.get(key, ())}
        assert named <= {*names, "NoneElement"}


def test_the_device_is_the_root_of_an_analysed_bill():
    bill = element(MAKER, "sbom")
    assert ([tail(one) for one in bill["rootElement"]], bill["software_sbomType"]) == (["device"], ["analyzed"])
    device = element(MAKER, "device")
    assert (device["name"], device["software_packageVersion"], device["software_primaryPurpose"]) == ("Pump 3", "1.4", "device")
    assert element(MAKER, tail(device["suppliedBy"]))["name"] == "Example Medical"


def test_an_item_tells_its_names_its_support_and_where_it_was_seen():
    said = element(studies.PUMP, studies.LIBSSL.id)
    assert (said["software_packageUrl"], said["software_packageVersion"]) == (studies.LIBSSL.purl, studies.LIBSSL.version)
    assert [one["identifier"] for one in said["externalIdentifier"]] == [studies.LIBSSL.purl, studies.LIBSSL.cpe]
    assert (said["supportLevel"], said["validUntilTime"]) == (["endOfSupport"], "2023-09-11T00:00:00Z")
    assert "var/lib/dpkg/status:40 of evidence e1" in said["comment"]
    assert element(studies.PUMP, studies.LIBC.id)["supportLevel"] == ["support"]
    assert element(studies.PUMP, studies.PUMPD.id)["supportLevel"] == ["noAssertion"]


def test_every_file_has_its_hash_and_an_unknown_program_is_a_file():
    assert relations(studies.PUMP, "contains")[studies.LIBSSL.id, ""][0] == [f"{studies.LIBSSL.id}-1", f"{studies.LIBSSL.id}-2"]
    assert element(studies.PUMP, f"{studies.LIBSSL.id}-2")["verifiedUsing"][0]["hashValue"] == "c2" * 32
    program = element(studies.PUMP, studies.PUMPD.id)
    assert (program["type"], program["verifiedUsing"][0]["hashValue"]) == ("software_File", "c4" * 32)


def test_dependencies_are_declared_linked_none_or_not_stated():
    needs = relations(studies.PUMP, "dependsOn")
    assert needs[studies.LIBSSL.id, "declared"] == ([studies.LIBC.id], "incomplete")
    assert needs[studies.PUMPD.id, "linked"] == ([studies.LIBSSL.id, studies.LIBC.id], "complete")
    assert needs[studies.LIBC.id, ""] == (["NoneElement"], "complete")
    assert not any(one == studies.LINUX.id for one, _ in needs)


def test_a_licence_is_an_expression_or_the_words_of_its_source():
    licences = {one: element(studies.PUMP, to[0]) for (one, _), (to, _) in relations(studies.PUMP, "hasDeclaredLicense").items()}
    assert licences[studies.LIBSSL.id]["simplelicensing_licenseExpression"] == "OpenSSL"
    own = licences[studies.LIBC.id]["simplelicensing_customIdToUri"][0]
    assert own["key"] == licences[studies.LIBC.id]["simplelicensing_licenseExpression"]
    assert element(studies.PUMP, tail(own["value"]))["simplelicensing_licenseText"] == "see /usr/share/doc/libc6/copyright"


def test_what_could_not_be_looked_at_stands_beside_the_device_and_makes_the_list_incomplete():
    said = [one["statement"] for one in graph(studies.PUMP) if one["type"] == "Annotation" and tail(one["subject"]) == "device"]
    assert said[0] == "67 % of 143 executables identified"
    assert any("no tool on this machine opens UBI images" in text for text in said)
    assert relations(studies.PUMP, "contains")["device", ""][1] == "incomplete"


def test_the_names_are_made_of_the_content():
    assert element(studies.PUMP, "document")["spdxId"] == element(studies.PUMP, "document")["spdxId"] != element(MAKER, "document")["spdxId"]
    assert graph(studies.PUMP)[0]["created"] == "2026-11-20T00:00:00Z"
