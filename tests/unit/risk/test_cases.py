"""Every case folder of the rating stage holds."""

import pytest

from asepsis.risk.cvss_score import qualitative, score3, score4
from asepsis.risk.rate import rate
from asepsis.risk.sheet import code_of
from tests.cases.risk.loader import folders, load_case, load_expected

FOLDERS = folders()
UNDER_RATED = [folder for folder in FOLDERS if folder.parent.name == "under_rated_by_cvss"]
FIELDS = ("severity", "feasibility", "acceptable", "hops", "start", "skill")


def name(folder):
    return folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_case_is_rated_as_worked_out_by_hand(folder):
    rating, expected = load_case(folder).rate(), load_expected(folder)
    assert {key: getattr(rating, key) for key in FIELDS if key in expected} == {key: expected[key] for key in FIELDS if key in expected}
    schemes = {scheme.scheme: scheme for scheme in rating.schemes}
    for scheme, fields in expected.get("schemes", {}).items():
        assert {key: getattr(schemes[scheme], key) for key in fields} == fields
    answers = {f"{scheme.scheme}.{code_of(answer)}": answer for scheme in rating.schemes for answer in scheme.answers}
    assert {key: answers[key].value for key in expected.get("answers", {})} == expected.get("answers", {})
    assert {key: answers[key].by for key in expected.get("by", {})} == expected.get("by", {})
    for part in expected.get("reasons", ()):
        assert any(part in reason for reason in rating.reasons), (part, rating.reasons)


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_score_shown_is_the_score_of_the_vector_shown(folder):
    schemes = {scheme.scheme: scheme for scheme in load_case(folder).rate().schemes}
    assert list(schemes) == ["patient_harm", "cvss4", "cvss3", "rubric", "ssvc"]
    assert schemes["cvss3"].score == score3(schemes["cvss3"].vector).environmental
    assert schemes["cvss4"].score == score4(schemes["cvss4"].vector)


def test_there_are_six_advisories_whose_cvss_hides_a_death():
    assert len(UNDER_RATED) == 6


@pytest.mark.parametrize("folder", UNDER_RATED, ids=name)
def test_what_cvss_calls_medium_is_unacceptable(folder):
    case = load_case(folder)
    published = score3(case.published).base
    assert 4.0 <= published <= 5.3
    assert qualitative(published) == "medium"
    assert not case.rate().acceptable


def test_the_six_rank_above_a_leak_that_cvss_calls_high():
    cases = [load_case(folder) for folder in UNDER_RATED]
    leak = load_case(next(folder for folder in FOLDERS if folder.name == "a_negligible_harm_is_no_safety_matter"))
    ratings = rate([leak.path, *(case.path for case in cases)], (), cases[0].device, cases[0].site)
    assert score3(next(s for s in ratings[-1].schemes if s.scheme == "cvss3").vector).base == 7.5
    assert [rating.path for rating in ratings][-1] == leak.path.id
    assert {rating.path for rating in ratings[:-1]} == {case.path.id for case in cases}
    assert [rating.rank for rating in ratings] == [1, 2, 3, 4, 5, 6, 7]
    assert [rating.feasibility for rating in ratings[:-1]] == ["high", "medium", "low", "low", "low", "low"]
