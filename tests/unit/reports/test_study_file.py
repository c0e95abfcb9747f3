import json
import math
from dataclasses import replace

import jsonschema_rs
import pytest

from asepsis.model.plan import Proof
from asepsis.model.study import SCHEMA
from asepsis.reports.study_file import StudyError, document, dump, load, schema
from tests.cases.reports import studies


@pytest.mark.parametrize("name", studies.ALL)
def test_a_study_comes_back_as_it_was(name):
    study = studies.ALL[name]
    assert load(dump(study)) == study


@pytest.mark.parametrize("name", studies.ALL)
def test_every_study_file_is_valid_by_its_schema(name):
    jsonschema_rs.Draft202012Validator(schema()).validate(json.loads(dump(studies.ALL[name])))


def test_the_schema_is_itself_valid_and_closed():
    described = schema()
    jsonschema_rs.meta.validate(described)
    written = document(studies.PUMP) | {"surprise": 1}
    assert not jsonschema_rs.Draft202012Validator(described).is_valid(written)


def test_the_keys_are_those_of_the_design():
    written = json.loads(dump(studies.PUMP))
    assert list(written)[:5] == ["schema", "tool", "knowledge", "device", "site"]
    assert written["schema"] == SCHEMA
    assert set(written["evidence"][0]) == {"id", "kind", "name", "sha256", "bytes"}
    assert written["findings"][1]["locations"][0] == {
        "evidence": "e1",
        "path": "pump-1.4.bin!rootfs.squashfs!etc/inittab",
        "offset": None,
        "line": 12,
        "packet": None,
    }
    assert {"id", "rule", "weakness", "cwe", "title", "certainty", "locations"} <= set(written["findings"][0])
    assert set(written["not_assessed"][0]) == {"rule", "reason", "optional"}
    assert set(written["problems"][0]) == {"cause", "where", "what", "consequence", "hides"}
    assert {"level": 5, "name": studies.DOSE.name, "many_patients": True}.items() <= written["paths"][0]["harm"].items()
    assert {"controls", "cuts", "remains", "proof"} <= set(written["plan"])


def test_feasibility_and_cuts_are_joined_for_readers_who_do_not_join_tables():
    written = json.loads(dump(studies.PUMP))
    assert [path["feasibility"] for path in written["paths"]] == ["high", "medium", "medium", "high", "high", "low"]
    assert written["plan"]["cuts"][0] == {
        "control": "M03",
        "device": "infusion-pump",
        "paths": ["P-000000000001", "P-000000000002", "P-000000000005"],
    }
    assert written["alternatives"][1]["cuts"] == [{"control": "M12", "device": "", "paths": list(studies.SEGMENT.cuts)}]
    assert json.loads(dump(replace(studies.PUMP, ratings=())))["paths"][0]["feasibility"] is None


def test_a_study_file_from_before_there_were_alternatives_is_read():
    written = json.loads(dump(studies.PUMP))
    del written["alternatives"]
    jsonschema_rs.Draft202012Validator(schema()).validate(written)
    assert load(json.dumps(written).encode()) == replace(studies.PUMP, alternatives=())


def test_a_file_name_that_is_not_utf8_is_kept_and_the_file_is_valid_utf8():
    study = replace(studies.PUMP, assumptions=("caf\udce9", "a real ␛DCE9", "\ud83d\ude00"))
    written = dump(study)
    assert json.loads(written.decode("utf-8"))["assumptions"] == ["caf␛DCE9", "a real ␛241BDCE9", "␛D83D␛DE00"]
    assert load(written).assumptions == study.assumptions


def test_marks_that_turn_or_hide_text_are_written_as_escapes():
    written = dump(replace(studies.PUMP, assumptions=("\u202e\u200b\x9b",)))
    assert b'"\\u202e\\u200b\\u009b"' in written


def test_a_plan_without_a_known_bound_survives():
    study = replace(studies.PUMP, plan=replace(studies.PLAN, proof=Proof("none", 1.0, -math.inf, math.inf, 1, 1, 3)))
    assert load(dump(study)) == study


def test_a_number_that_is_none_is_refused():
    study = replace(studies.PUMP, plan=replace(studies.PLAN, cost=math.nan))
    with pytest.raises(StudyError, match="NaN"):
        dump(study)


def _changed(change):
    written = json.loads(dump(studies.PUMP))
    change(written)
    return json.dumps(written).encode()


BROKEN = {
    "nothing at all": b"",
    "no JSON": b"\x89PNG",
    "half a file": dump(studies.PUMP)[:500],
    "a list": b"[]",
    "no schema": b"{}",
    "not UTF-8": b'{"schema": "\xff"}',
    "a lone surrogate": b'{"schema": "\\udcff"}',
    "another version": _changed(lambda study: study.update(schema="https://asepsis.example/schema/study-2.json")),
    "deep nesting": b'{"schema":' + b"[" * 100_000,
    "a missing key": _changed(lambda study: study.pop("problems")),
    "an unknown key": _changed(lambda study: study["paths"][0].update(colour="red")),
    "a number as text": _changed(lambda study: study["evidence"][0].update(bytes="12")),
    "an unknown certainty": _changed(lambda study: study["findings"][0].update(certainty="rumoured")),
    "a finding without a place": _changed(lambda study: study["findings"][0].update(locations=[])),
    "a claim in unknown words": _changed(lambda study: study["findings"][0]["claims"][0].update(predicate="likes")),
    "a feasibility that contradicts the rating": _changed(lambda study: study["paths"][0].update(feasibility="low")),
    "cuts that contradict the controls of one party": _changed(lambda study: study["alternatives"][0].update(cuts=[])),
    "cuts that contradict the controls": _changed(lambda study: study["plan"].update(cuts=[])),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_study_is_refused_in_one_line(name):
    with pytest.raises(StudyError) as refused:
        load(BROKEN[name])
    message = str(refused.value)
    assert message.isprintable()
    assert len(message) < 500


def test_the_message_names_the_place():
    with pytest.raises(StudyError, match=r"unknown key paths\[0\].colour"):
        load(BROKEN["an unknown key"])
    with pytest.raises(StudyError, match=r"findings\[0\].certainty"):
        load(BROKEN["an unknown certainty"])
    with pytest.raises(StudyError, match=r"paths\[0\].feasibility contradicts"):
        load(BROKEN["a feasibility that contradicts the rating"])


def test_a_study_of_before_dismissals_and_shared_secrets_opens():
    old = document(studies.PUMP)
    del old["dismissed"], old["shared"]
    opened = load(json.dumps(old).encode())
    assert (opened.dismissed, opened.shared) == ((), ())
    assert opened.findings == studies.PUMP.findings
