"""CVSS arithmetic against what FIRST published, and what must hold of every vector."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asepsis.risk.cvss_score import qualitative, score3, score4, vector_of

WORST_FIRST = {"AV": "NALP", "AC": "LH", "PR": "NLH", "UI": "NR", "S": "CU", "C": "HLN", "I": "HLN", "A": "HLN"}
V4 = {"AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA", **dict.fromkeys(("VC", "VI", "VA", "SC", "SI", "SA"), "HLN")}


@pytest.mark.parametrize(
    ("vector", "base"),
    [
        # FIRST, CVSS v3.1 examples document
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),  # CVE-2013-0375, MySQL
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),  # CVE-2014-3566, POODLE
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),  # CVE-2012-1516, VMware
        ("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2),  # CVE-2009-0783, Tomcat
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),  # CVE-2014-0160, Heartbleed
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),  # CVE-2014-6271, Shellshock
        ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),  # CVE-2014-2005, Sophos
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N", 0.0),
    ],
)
def test_a_published_v3_example(vector, base):
    assert score3(vector).base == base


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        # FIRST, CVSS v4.0 examples document
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),  # CVE-2022-41741, nginx
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7),  # CVE-2014-0160, Heartbleed
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),  # CVE-2021-44228, log4j
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0),
    ],
)
def test_a_published_v4_example(vector, score):
    assert score4(vector) == score


def test_in_v3_a_worse_answer_never_lowers_the_base_score():
    scores = {values: score3(vector_of("3.1", dict(zip(WORST_FIRST, values, strict=True)))).base for values in product(*WORST_FIRST.values())}
    assert len(scores) == 2592
    for values, score in scores.items():
        assert 0.0 <= score <= 10.0
        for place, scale in enumerate(WORST_FIRST.values()):
            worse = scale.index(values[place]) - 1
            if worse >= 0:
                assert scores[(*values[:place], scale[worse], *values[place + 1 :])] >= score, values


def test_in_v3_no_impact_is_no_score():
    nothing = [values for values in product(*WORST_FIRST.values()) if values[5:] == ("N", "N", "N")]
    assert {score3(vector_of("3.1", dict(zip(WORST_FIRST, values, strict=True)))).base for values in nothing} == {0.0}


@given(st.fixed_dictionaries({name: st.sampled_from(letters) for name, letters in V4.items()}))
def test_in_v4_every_vector_scores_from_0_to_10(metrics):
    assert 0.0 <= score4(vector_of("4.0", metrics)) <= 10.0


@given(st.fixed_dictionaries({name: st.sampled_from(letters) for name, letters in V4.items()}), st.sampled_from(sorted(V4)))
def test_in_v4_the_worst_answer_never_lowers_the_score(metrics, name):
    worst = {**metrics, name: V4[name][0]}
    assert score4(vector_of("4.0", worst)) >= score4(vector_of("4.0", metrics))


def test_undefined_metrics_are_left_out_of_a_vector():
    assert vector_of("4.0", {"AV": "N", "E": "X", "S": "P"}) == "CVSS:4.0/AV:N/S:P"


@pytest.mark.parametrize(
    ("score", "word"), [(0.0, "none"), (0.1, "low"), (3.9, "low"), (4.0, "medium"), (6.9, "medium"), (7.0, "high"), (9.0, "critical")]
)
def test_the_word_for_a_score(score, word):
    assert qualitative(score) == word


@pytest.mark.parametrize("vector", ["", "CVSS:3.1/AV:N", "CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:9.9/AV:N"])
def test_a_malformed_vector_is_refused(vector):
    with pytest.raises(ValueError, match=r"Malformed|Missing|Unknown"):
        score3(vector)
    with pytest.raises(ValueError, match="Malformed"):
        score4(vector)


def test_safety_belongs_to_the_modified_subsequent_metrics_only():
    with pytest.raises(ValueError, match="SI"):
        score4("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:S/SA:N")
