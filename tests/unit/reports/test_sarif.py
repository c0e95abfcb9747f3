import json
import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import jsonschema_rs
import pytest

from asepsis.model.software import VexStatus
from asepsis.model.where import Where
from asepsis.reports.exporters.sarif import FINGERPRINT, SarifExporter
from tests.cases.reports import studies

SHARED = Path(os.environ.get("ASEPSIS_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
OFFICIAL = SHARED / "h_schemas" / "sarif" / "sarif-schema-2.1.0.json"


def run(study):
    return json.loads(SarifExporter().write(study))["runs"][0]


def result_of(study, finding):
    return next(result for result in run(study)["results"] if result["partialFingerprints"][FINGERPRINT] == finding.id)


@pytest.mark.parametrize("name", studies.ALL)
def test_every_study_is_valid_by_the_official_schema(name):
    if not OFFICIAL.exists():
        pytest.skip(f"the official SARIF schema is not there: {OFFICIAL}")
    validator = jsonschema_rs.Draft4Validator(json.loads(OFFICIAL.read_text()), validate_formats=True)
    assert [error.message[:200] for error in validator.iter_errors(json.loads(SarifExporter().write(studies.ALL[name])))] == []


def test_the_level_is_that_of_the_worst_harm_the_finding_leads_to():
    levels = {finding.rule: result_of(studies.PUMP, finding)["level"] for finding in studies.PUMP.findings}
    assert levels["telnet_started"] == "error"  # S5
    assert levels["unsupported_operating_system"] == "note"  # on no path
    serious = replace(studies.PUMP, paths=(replace(studies.PATHS[5], harm=replace(studies.RECORD, level=3)),))
    assert result_of(serious, studies.WIFI)["level"] == "warning"


def test_a_result_names_its_rule_cwe_and_place():
    result, driver = result_of(studies.PUMP, studies.TELNET), run(studies.PUMP)["tool"]["driver"]
    rule = driver["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "telnet_started"
    assert [one["target"]["id"] for one in rule["relationships"]] == ["CWE-306", "CWE-319"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": "pump-1.4.bin%21rootfs.squashfs%21etc/inittab"}, "region": {"startLine": 12}}
    assert result["relatedLocations"][0]["physicalLocation"]["region"] == {"byteOffset": 0}
    assert result["properties"]["certainty"] == "reachable"
    assert result["properties"]["harmLevel"] == 5
    assert result["properties"]["manyPatients"] is True


def test_every_reference_into_a_list_points_at_what_it_names():
    whole = run(studies.PUMP)
    taxonomies = whole["taxonomies"]
    for result in whole["results"]:
        for taxon in result["taxa"]:
            named = taxonomies[taxon["toolComponent"]["index"]]
            assert named["name"] == taxon["toolComponent"]["name"]
            assert taxon["id"] in {one["id"] for one in named["taxa"]}
    notifications = whole["tool"]["driver"]["notifications"]
    for told in whole["invocations"][0]["toolExecutionNotifications"]:
        assert notifications[told["descriptor"]["index"]]["id"] == told["descriptor"]["id"]


def test_an_attack_path_is_a_thread_flow_from_its_start_to_the_patient():
    flow = next(one for one in result_of(studies.PUMP, studies.CRASH)["codeFlows"])["threadFlows"][0]
    assert flow["id"] == "P-000000000004"
    said = [one["location"]["message"]["text"] for one in flow["locations"]]
    assert said[0] == "Starts: On the hospital's network"
    assert said[1:3] == [studies.WALK.sentence, studies.SEND.sentence]
    assert said[3] == "S5 · death: The infusion stops while the patient depends on it"
    assert [one["executionOrder"] for one in flow["locations"]] == [1, 2, 3, 4]
    assert flow["locations"][2]["taxa"][0]["id"] == "T0814"


def test_what_could_not_be_looked_at_is_a_notification():
    invocation = run(studies.PUMP)["invocations"][0]
    told = {one["descriptor"]["id"]: one for one in invocation["toolExecutionNotifications"]}
    assert invocation["executionSuccessful"] is False
    assert "no tool on this machine opens UBI images" in told["problem/missing-tool"]["message"]["text"]
    assert told["not-assessed"]["associatedRule"]["id"] == "unsigned_update"
    assert "pump-1.4.bin!data.ubi" in told["not-opened"]["message"]["text"]
    assert run(studies.MENDED)["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def _uri(path):
    study = replace(studies.PUMP, findings=(replace(studies.OLD, locations=(Where("e1", path),)),))
    return run(study)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


HOSTILE_PATHS = [
    "javascript:alert(1)",
    "//evil.example/x",
    "/etc/passwd",
    "../../etc/passwd",
    "a/./../../b",
    "a!../../b",
    "a!//b",
    "C:\\x",
    "",
    "..",
    "a//b",
    "?q#f",
    "%2e%2e/x",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_uri_can_neither_climb_nor_name_a_scheme_or_host(path):
    uri = _uri(path)
    split = urlsplit(uri)
    assert (split.scheme, split.netloc, split.query, split.fragment) == ("", "", "", "")
    assert urljoin("https://example.org/base/dir/", uri).startswith("https://example.org/base/dir/")
    assert ".." not in re.split("[/!]", unquote(uri))


def test_a_name_that_is_not_utf8_keeps_its_bytes_in_the_uri():
    assert _uri("caf\udce9.bin") == "caf%E9.bin"


def test_device_text_makes_no_link():
    title = "see [here](https://evil.example) and [x]"
    text = run(replace(studies.PUMP, findings=(replace(studies.OLD, title=title, facts=()),)))["results"][0]["message"]["text"]
    assert text == "see \\[here](https://evil.example) and [x]"


def test_fingerprints_do_not_depend_on_where_the_finding_stands():
    turned = replace(studies.PUMP, findings=tuple(reversed(studies.PUMP.findings)))
    assert result_of(turned, studies.WIFI)["partialFingerprints"] == {FINGERPRINT: "F-000000000001"}


def test_what_each_party_can_do_alone_stands_in_the_properties_of_the_run():
    maker, hospital = run(studies.PUMP)["properties"]["alternatives"]
    assert (maker["only"], maker["plan"], maker["remains"]) == (["maker"], ["M03", "M08", "M17"], [])
    assert hospital["remains"][0]["level"] == 5


def test_flaws_that_are_used_in_attacks_are_named_where_they_stand_also_if_they_are_on_no_way_or_undecided():
    open_ = [one for one in studies.FLAWS.vulnerabilities if one.status is VexStatus.UNDER_INVESTIGATION]
    assert open_
    known = tuple(replace(one, exploited_since="2099-01-01") if one in open_ else one for one in studies.FLAWS.vulnerabilities)
    said = run(replace(studies.FLAWS, vulnerabilities=known))["properties"]["publishedFlaws"]
    assert set(said["attackedUndecided"]) == {one.vulnerability for one in open_}
    assert set(said) >= {"attacked", "attackedInUse"}
    assert not set(said["attacked"]) & set(said["attackedUndecided"])
