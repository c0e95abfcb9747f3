"""Every rule against its cases: the whole outcome, as a person worked it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from asepsis.findings.judge import Judgement, judge
from asepsis.model.dismissed import Exemption
from tests.cases.loader import case_folders, load_expected, load_facts

CASES = case_folders("findings", "rules")


def outcome_of(folder: Path) -> tuple[Judgement, str]:
    case = load_facts(folder)
    return judge(case.reading, case.context()), folder.parent.name


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_the_rule_says_what_a_person_would(folder):
    judgement, rule = outcome_of(folder)
    expected = load_expected(folder)
    assert set(expected) <= {"found", "not_found", "not_assessed"}
    found = [
        {
            "subject": finding.subject,
            "certainty": finding.certainty.value,
            "cwe": list(finding.cwe),
            "claims": [str(claim) for claim in finding.claims],
            "assumes": len(finding.assumes),
        }
        for finding in judgement.findings
        if finding.rule == rule
    ]
    assert found == [{**one, "claims": sorted(one["claims"], key=_claim_order)} for one in expected.get("found", [])]
    assert_not_found(judgement, rule, expected)
    reasons = [one.reason for one in judgement.not_assessed if one.rule == rule]
    assert len(reasons) == len(expected.get("not_assessed", [])), reasons
    for part, reason in zip(expected.get("not_assessed", []), reasons, strict=True):
        assert part in reason


def assert_not_found(judgement, rule, expected):
    answers = [one for one in judgement.not_found if one.rule == rule]
    assert len(answers) == ("not_found" in expected)
    for answer in answers:
        assert len(answer.dismissed) == len(expected["not_found"]), answer.dismissed
        for part, text in zip(expected["not_found"], answer.dismissed, strict=True):
            assert part in text


def _claim_order(text):
    predicate, _, rest = text.partition("(")
    return (predicate, tuple(rest.rstrip(")").split(", ")))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_rule_answers_in_exactly_one_way_unless_it_also_has_doubts(folder):
    judgement, _ = outcome_of(folder)
    for rule in {one.rule for one in judgement.not_found}:
        assert rule not in {finding.rule for finding in judgement.findings}
        assert rule not in {one.rule for one in judgement.not_assessed}


def test_no_rule_has_a_bug_in_any_case_and_every_dismissal_names_its_exemption():
    judgements = [outcome_of(folder)[0] for folder in CASES]
    assert [problem.what for judgement in judgements for problem in judgement.problems] == []
    assert {one.rule for judgement in judgements for one in judgement.dismissed if one.exemption is Exemption.OTHER} == set()
