import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest

from asepsis.model.inventory import Item, ItemKind
from asepsis.reports.exporters.cyclonedx import CycloneDxExporter
from tests.cases.reports import studies

SHARED = Path(os.environ.get("ASEPSIS_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
OFFICIAL = SHARED / "h_schemas" / "cyclonedx" / "schema"
MANY = replace(studies.PUMP, inventory=tuple(Item(f"sw-{number}", ItemKind.PART, f"part-{number}", "1") for number in range(10_000)))
FOREIGN = replace(studies.PUMP, inventory=(replace(studies.LIBC, name="библиотека 図書館", supplier="Größe & Söhne ]]> <x>"),))


def bill(study):
    return json.loads(CycloneDxExporter().write(study))


def component(study, item):
    return next(one for one in bill(study)["components"] if one["bom-ref"] == item.id)


def properties(entry):
    return {one["name"]: one["value"] for one in entry["properties"]}


def official():
    """The official schema, with those that it refers to."""
    if not OFFICIAL.exists():
        pytest.skip(f"the official CycloneDX schemas are not there: {OFFICIAL}")
    named = {path.name: json.loads(path.read_text()) for path in OFFICIAL.glob("*.json")}
    registry = jsonschema_rs.Registry([(f"http://cyclonedx.org/schema/{name}", schema) for name, schema in named.items()])
    return jsonschema_rs.Draft7Validator(named["bom-1.7.schema.json"], registry=registry, validate_formats=True)


@pytest.mark.parametrize("study", [*studies.ALL.values(), MANY, FOREIGN], ids=[*studies.ALL, "many", "foreign"])
def test_every_study_is_valid_by_the_official_schema(study):
    assert [error.message[:200] for error in official().iter_errors(bill(study))] == []


def test_every_reference_points_at_something_and_every_name_is_used_once():
    for study in studies.ALL.values():
        whole = bill(study)
        refs = list(_refs(whole))
        assert len(refs) == len(set(refs))
        named = {ref for one in whole["dependencies"] for ref in (one["ref"], *one["dependsOn"])}
        named |= {ref for one in whole["compositions"] for ref in (*one.get("assemblies", ()), *one.get("dependencies", ()))}
        assert named <= set(refs)


def _refs(value):
    if isinstance(value, dict):
        yield from ([value["bom-ref"]] if "bom-ref" in value else [])
        yield from (ref for one in value.values() for ref in _refs(one))
    elif isinstance(value, list):
        yield from (ref for one in value for ref in _refs(one))


def test_the_device_is_the_root_with_its_maker_model_and_version():
    study = replace(studies.PUMP, device=replace(studies.DEVICE, maker="Example Medical", model="Pump 3", version="1.4"))
    root = bill(study)["metadata"]["component"]
    assert (root["type"], root["name"], root["version"], root["manufacturer"]) == ("device", "Pump 3", "1.4", {"name": "Example Medical"})
    assert bill(study)["metadata"]["supplier"] == {"name": "Example Medical"}
    assert [(one["type"], one["name"]) for one in root["components"]] == [("firmware", "pump-1.4.bin"), ("data", "ward.pcap")]
    assert bill(studies.PUMP)["metadata"]["component"]["name"] == "Infusion pump"


def test_an_item_tells_who_made_it_what_names_it_and_where_it_was_seen():
    said = component(studies.PUMP, studies.LIBSSL)
    assert (said["supplier"], said["purl"], said["cpe"]) == ({"name": "Debian OpenSSL Team"}, studies.LIBSSL.purl, studies.LIBSSL.cpe)
    assert said["licenses"] == [{"license": {"id": "OpenSSL", "acknowledgement": "declared"}}]
    assert [one["field"] for one in said["evidence"]["identity"]] == ["purl", "cpe"]
    assert [method["technique"] for method in said["evidence"]["identity"][0]["methods"]] == ["manifest-analysis", "binary-analysis"]
    assert {"location": "pump-1.4.bin!rootfs.squashfs!var/lib/dpkg/status", "line": 40, "additionalContext": "evidence e1"} in said["evidence"][
        "occurrences"
    ]


def test_each_file_of_an_item_has_its_own_hash():
    assert [one["hashes"][0]["content"] for one in component(studies.PUMP, studies.LIBSSL)["components"]] == ["c1" * 32, "c2" * 32]
    assert component(studies.PUMP, studies.PUMPD)["hashes"] == [{"alg": "SHA-256", "content": "c4" * 32}]


def test_a_program_that_nobody_recognised_is_a_file_and_marked():
    said = component(studies.PUMP, studies.PUMPD)
    assert (said["type"], said["name"], "version" in said) == ("file", "pumpd", False)
    assert properties(said)["asepsis:identified"] == "no"


@pytest.mark.parametrize(
    ("item", "level", "ends"),
    [(studies.LIBSSL, "no longer maintained", "2023-09-11"), (studies.LIBC, "maintained", "2028-08-31"), (studies.PUMPD, "unknown", None)],
)
def test_the_support_stands_in_the_words_of_the_fda_with_its_end_and_source(item, level, ends):
    said = properties(component(studies.PUMP, item))
    assert said["asepsis:support:level"] == level
    assert said.get("cdx:lifecycle:milestone:endOfSupport") == ends
    assert said["asepsis:support:source"] == item.support_source


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MIT", {"license": {"id": "MIT", "acknowledgement": "declared"}}),
        ("GPL-2.0-only WITH Linux-syscall-note OR MIT", {"expression": "GPL-2.0-only WITH Linux-syscall-note OR MIT", "acknowledgement": "declared"}),
        ("GPLv2+", {"license": {"name": "GPLv2+", "acknowledgement": "declared"}}),
        ("MIT MIT", {"license": {"name": "MIT MIT", "acknowledgement": "declared"}}),
        ("(MIT", {"license": {"name": "(MIT", "acknowledgement": "declared"}}),
        ("MIT WITH MIT", {"license": {"name": "MIT WITH MIT", "acknowledgement": "declared"}}),
    ],
)
def test_a_licence_is_an_id_an_expression_or_the_words_of_its_source(text, told):
    study = replace(studies.PUMP, inventory=(replace(studies.LIBC, licence=text),))
    assert component(study, studies.LIBC)["licenses"] == [told]


def test_dependencies_are_declared_linked_or_unknown():
    whole = bill(studies.PUMP)
    needs = {one["ref"]: one["dependsOn"] for one in whole["dependencies"]}
    assert needs["device"] == [item.id for item in studies.INVENTORY]
    assert needs[studies.PUMPD.id] == [studies.LIBSSL.id, studies.LIBC.id]
    assert needs[studies.LIBC.id] == []
    assert studies.LINUX.id not in needs
    aggregates = {one["bom-ref"]: (one["aggregate"], one.get("dependencies")) for one in whole["compositions"]}
    assert aggregates["composition-incomplete"] == ("incomplete", [studies.LIBSSL.id])
    assert aggregates["composition-unknown"] == ("unknown", [studies.LINUX.id])
    assert ("asepsis:needs", "debconf") in properties(component(studies.PUMP, studies.LIBSSL)).items()


def test_what_could_not_be_looked_at_makes_the_list_incomplete_and_stands_beside_it():
    whole = bill(studies.PUMP)
    assert whole["compositions"][0] == {"bom-ref": "composition-device", "aggregate": "incomplete", "assemblies": ["device"]}
    said = [one["text"] for one in whole["annotations"]]
    assert any("no tool on this machine opens UBI images" in text for text in said)
    assert any("47 executables of 143 not recognised" in text for text in said)
    coverage = properties(whole["metadata"])
    assert coverage["asepsis:coverage"] == "67 % of 143 executables identified"


def test_a_list_without_a_known_gap_is_never_called_complete():
    whole = bill(replace(studies.MENDED, coverage=replace(studies.MENDED.coverage, programs_identified=studies.MENDED.coverage.programs)))
    assert (whole["compositions"][0]["aggregate"], whole["annotations"]) == ("unknown", [])
    assert "complete" not in {one["aggregate"] for one in whole["compositions"]}


def test_an_empty_list_says_that_nothing_was_found_and_not_that_nothing_is_there():
    whole = bill(studies.EMPTY)
    assert whole["components"] == []
    assert any("does not mean that there is none" in one["text"] for one in whole["annotations"])


def test_the_day_is_the_studys_and_the_serial_number_is_made_of_the_content():
    whole = bill(studies.PUMP)
    assert whole["metadata"]["timestamp"] == "2026-11-20T00:00:00Z"
    later = replace(studies.PUMP, knowledge=replace(studies.PUMP.knowledge, as_of=date(2027, 1, 1).isoformat()))
    assert bill(later)["serialNumber"] != whole["serialNumber"] == bill(studies.PUMP)["serialNumber"]


def test_a_name_that_is_no_purl_or_cpe_is_left_out():
    first, second = bill(studies.HOSTILE)["components"]
    assert not {"purl", "cpe"} & {*first, *second}


@pytest.mark.filterwarnings("ignore")
def test_the_library_of_cyclonedx_reads_back_what_was_written():
    model = pytest.importorskip("cyclonedx.model.bom")
    read = model.Bom.from_json(bill(studies.PUMP))
    assert read.metadata.component.name == "Infusion pump"
    assert {(one.name, one.version, str(one.purl or "")) for one in read.components} == {
        (item.name, item.version or None, item.purl) for item in studies.INVENTORY
    }
    assert {str(one.ref): sorted(str(need.ref) for need in one.dependencies) for one in read.dependencies}[studies.PUMPD.id] == [
        studies.LIBSSL.id,
        studies.LIBC.id,
    ]
