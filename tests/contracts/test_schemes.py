"""What holds of every rating scheme: its id is its file, it is in the one list, it keeps its answers, it has cases."""

from contextlib import suppress
from pathlib import Path

import pytest

import asepsis.risk.schemes
from asepsis.model.rating import Answer
from asepsis.risk.scheme import Case
from asepsis.risk.schemes import beside
from asepsis.risk.schemes.patient_harm import PatientHarm
from asepsis.risk.sheet import TOOLS_OWN, Consequence, code_of
from tests.cases.risk.loader import ROOT, folders, load_case

FOLDER = Path(asepsis.risk.schemes.__file__).parent
SCHEMES = beside(PatientHarm())
CASES = [load_case(folder) for folder in folders()]


def scheme_id(scheme):
    return scheme.info.id


def test_the_list_is_the_folder():
    files = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    assert {scheme.info.id for scheme in SCHEMES} == files
    assert len(SCHEMES) == len(files)


def test_the_scheme_that_ranks_comes_first():
    assert SCHEMES[0].info.id == "patient_harm"


@pytest.mark.parametrize("scheme", SCHEMES, ids=scheme_id)
def test_a_scheme_says_what_it_is(scheme):
    module = scheme.__class__.__module__
    assert module == f"asepsis.risk.schemes.{scheme.info.id}"
    assert all((scheme.info.title, scheme.info.version, scheme.info.source, scheme.__class__.__doc__))


@pytest.mark.parametrize("scheme", SCHEMES, ids=scheme_id)
def test_a_scheme_has_a_case(scheme):
    assert list((ROOT / "schemes" / scheme.info.id).glob("*/*"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.id)
@pytest.mark.parametrize("scheme", SCHEMES, ids=scheme_id)
def test_every_answer_has_a_question_a_value_and_a_reason(scheme, case):
    rating = scheme.rate(Case(case.path, case.findings, case.device, case.site, {}))
    assert (rating.scheme, rating.version) == (scheme.info.id, scheme.info.version)
    assert rating.verdict
    assert rating.score is None or 0.0 <= rating.score <= 10.0
    codes = [code_of(answer) for answer in rating.answers]
    assert len(codes) == len(set(codes))
    for answer in rating.answers:
        assert all((answer.question, answer.value, answer.because))
        assert answer.by in TOOLS_OWN - {""}
        assert "probab" not in f"{answer.value}{answer.because}".replace("no probability", "")
        assert "likel" not in f"{answer.question}{answer.value}{answer.because}"


@pytest.mark.parametrize("scheme", SCHEMES, ids=scheme_id)
def test_what_is_no_consequence_can_be_overridden_and_the_override_is_shown(scheme):
    case = CASES[0]
    rating = scheme.rate(Case(case.path, case.findings, case.device, case.site, {}))
    own = {code_of(answer): Answer("q", answer.value, "looked again", "A. Analyst", "2026-11-20") for answer in rating.answers}
    overridden = 0
    for code, answer in own.items():
        overrides = {f"{scheme.info.id}.{code}": answer}
        with suppress(Consequence):
            again = scheme.rate(Case(case.path, case.findings, case.device, case.site, overrides))
            shown = next(one for one in again.answers if code_of(one) == code)
            assert (shown.value, shown.by, shown.date) == (answer.value, "A. Analyst", "2026-11-20")
            assert again.verdict == rating.verdict
            overridden += 1
    assert overridden >= 3
