"""The rubric's decision table, and the faults of public implementations that it must not share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asepsis.knowledge.risk_data import rubric_data
from asepsis.risk.cvss_score import score3, vector_of
from asepsis.risk.rubric_table import CODES, IMPACTS, allowed, extended_vector, metrics, needs_hazard_analysis

NONE = dict.fromkeys(IMPACTS, "no")
"""No impact at all; over it, a test lays what it is about."""

NETWORK = {"XAVN": "yes", "XAVT": "yes", "XAVW": "unknown", "XAVR": "unknown", "XAVP": "no", "XAVPA": "unknown"}
ALONE = {"XACL": "yes", "XPRL": "no", "XPRZ": "no", "XPRS": "no", "XUI": "no", "XS": "no", "XCPM": "unknown"}


def answers(**said):
    return {**NONE, **NETWORK, **ALONE, **said}


def score(said):
    return score3(vector_of("3.0", metrics(said))).base


def test_there_are_31_codes_and_each_has_a_question():
    assert len(CODES) == len(set(CODES)) == 31
    assert set(rubric_data().questions) == set(CODES)


@pytest.mark.parametrize(
    ("said", "letter"),
    [
        ({"XAVN": "yes", "XAVT": "yes"}, "N"),
        ({"XAVN": "yes", "XAVT": "unknown"}, "N"),
        ({"XAVN": "unknown", "XAVT": "no"}, "N"),
        ({"XAVN": "yes", "XAVT": "no", "XAVW": "yes", "XAVR": "yes"}, "L"),
        ({"XAVN": "yes", "XAVT": "no", "XAVW": "yes", "XAVR": "no"}, "A"),
        ({"XAVN": "yes", "XAVT": "no", "XAVW": "yes", "XAVR": "unknown"}, "A"),
        ({"XAVN": "yes", "XAVT": "no", "XAVW": "no", "XAVR": "yes"}, "A"),
        ({"XAVN": "yes", "XAVT": "no", "XAVW": "unknown", "XAVR": "yes"}, "A"),
        ({"XAVN": "no", "XAVP": "yes"}, "P"),
        ({"XAVN": "no", "XAVP": "no"}, "L"),
        ({"XAVN": "no", "XAVP": "unknown"}, "L"),
    ],
)
def test_attack_vector(said, letter):
    assert metrics(answers(**said))["AV"] == letter


@pytest.mark.parametrize(
    ("role", "before", "system", "letter"),
    [
        ("no", "yes", "yes", "N"),
        ("unknown", "yes", "yes", "N"),
        ("yes", "no", "yes", "N"),
        ("yes", "unknown", "yes", "N"),
        ("yes", "yes", "yes", "H"),
        ("yes", "yes", "no", "L"),
        ("yes", "yes", "unknown", "N"),
    ],
)
def test_privileges(role, before, system, letter):
    assert metrics(answers(XPRL=role, XPRZ=before, XPRS=system))["PR"] == letter


@pytest.mark.parametrize(
    ("code", "metric", "yes", "no", "unknown"), [("XACL", "AC", "L", "H", "L"), ("XUI", "UI", "R", "N", "N"), ("XS", "S", "C", "U", "C")]
)
def test_complexity_interaction_scope(code, metric, yes, no, unknown):
    assert [metrics(answers(**{code: said}))[metric] for said in ("yes", "no", "unknown")] == [yes, no, unknown]


@pytest.mark.parametrize(
    ("read", "many", "letter"), [("yes", "yes", "H"), ("yes", "no", "L"), ("yes", "unknown", "H"), ("no", "yes", "N"), ("unknown", "no", "H")]
)
def test_patient_data_counts_by_the_number_of_patients(read, many, letter):
    assert metrics(answers(XCP=read, XCPM=many))["C"] == letter


@pytest.mark.parametrize("code", [code for code in IMPACTS if code != "XCP"])
def test_each_impact_reaches_its_own_metric_and_no_other(code):
    # A public calculator reads availability "low" from the other-data cell where the therapy cell is meant.
    for said, letter in (("yes", "H"), ("high", "H"), ("unknown", "H"), ("low", "L"), ("no", "N")):
        rolled = metrics(answers(**{code: said}))
        assert rolled[code[1]] == letter
        assert all(rolled[other] == "N" for other in "CIA" if other != code[1])


def test_the_worst_category_decides():
    assert metrics(answers(XAT="low", XAO="no", XAD="high"))["A"] == "H"
    assert metrics(answers(XAT="low", XAO="no"))["A"] == "L"
    assert metrics(answers(XAT="no", XAO="low"))["A"] == "L"


def test_the_score_is_capped_at_ten():
    # A public calculator takes the minimum of one number and so shows more than 10.
    assert score({**answers(XS="yes"), **dict.fromkeys(IMPACTS, "yes")}) == 10.0


def test_no_impact_scores_nothing():
    # Public calculators still show a score.
    assert score(answers()) == 0.0
    assert score(answers(XS="yes")) == 0.0


@given(st.fixed_dictionaries({code: st.sampled_from(allowed(code)) for code in CODES}), st.sampled_from(CODES))
def test_not_knowing_never_scores_below_knowing(said, code):
    unknown = score({**said, code: "unknown"})
    assert all(unknown >= score({**said, code: value}) for value in allowed(code))


def test_the_extended_vector_holds_every_answer_and_the_roll_ups():
    said = answers(XIT="yes", XAT="low")
    vector = extended_vector(said, metrics(said))
    assert vector.startswith("XAVN:Y/XAVT:Y/XAVW:U/")
    assert "/XIT:Y/XAT:L/" in vector
    assert vector.endswith("/XCH:N/XCL:N/XIH:Y/XIL:N/XAH:N/XAL:Y")
    assert len(vector.split("/")) == 31 + 6


def test_a_hazard_analysis_is_called_for_by_diagnosis_therapy_and_workflow_only():
    assert needs_hazard_analysis(answers(XIP="yes", XAS="yes", XCT="yes")) == ()
    assert needs_hazard_analysis(answers(XIT="yes", XAD="unknown", XAW="low")) == ("XAD", "XIT", "XAW")
