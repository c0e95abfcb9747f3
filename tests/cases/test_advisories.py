"""Advisories as truth: from the facts an advisory states, its harm must follow, and a plan with its mitigation."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from asepsis.model.plan import Actor
from asepsis.model.study import Study
from asepsis.story import Options, conclude, prepare, replan
from tests.cases.loader import reading_of

FOLDER = Path(__file__).parent / "advisories"
CASES = sorted(FOLDER.glob("ics*.toml")) + sorted(FOLDER.glob("fda*.toml"))


@dataclass(frozen=True)
class Advisory:
    """One case file and the study that follows from its facts."""

    case: dict[str, Any]
    study: Study

    def paths(self):
        """The paths that end in the harm the advisory describes."""
        return [path for path in self.study.paths if path.harm.effect == self.case["expected"]["effect"]]


def conclude_case(case: dict[str, Any], *, with_facts: bool = True) -> Study:
    """Run the five verbs after reading on the case's facts, at the case's starting places."""
    setting = prepare(Options(device=case["device"], matrix=str(FOLDER / "strict-matrix.toml")))
    if "starts" in case:
        setting = replace(setting, site=replace(setting.site, starts=tuple(case["starts"])))
    return conclude(reading_of(case if with_facts else {**case, "fact": []}), setting)


@pytest.fixture(params=CASES, ids=lambda file: file.stem)
def advisory(request):
    case = tomllib.loads(request.param.read_text("utf-8"))
    return Advisory(case, conclude_case(case))


def test_at_least_thirty_advisories_of_all_classes_and_kinds_of_device():
    cases = [tomllib.loads(file.read_text("utf-8")) for file in CASES]
    assert len({case["advisory"] for case in cases}) >= 30
    assert {letter for case in cases for letter in case["classes"]} == set("ABCDE")
    for kinds in (
        {"infusion-pump", "syringe-pump", "pca-pump", "insulin-pump"},
        {"pacemaker", "icd"},
        {"heart-pump"},
        {"patient-monitor", "central-station"},
        {"ct-scanner", "mri", "x-ray", "dicom-server"},
        {"ventilator"},
    ):
        assert {case["device"] for case in cases} & kinds


def test_the_harm_that_the_advisory_describes_is_derived(advisory):
    expected, paths = advisory.case["expected"], advisory.paths()
    assert paths, [str(path.harm) for path in advisory.study.paths]
    assert max(path.harm.level for path in paths) == expected["level"]
    assert {path.start for path in paths} & set(expected["starts_at"])
    if expected.get("many_patients"):
        assert any(path.harm.many_patients for path in paths)
    for word in expected.get("moves", ()):
        assert any(word in step.move for path in paths for step in path.steps)


def test_every_step_names_its_findings_or_what_it_takes_for_granted(advisory):
    findings = {finding.id for finding in advisory.study.findings}
    for path in advisory.paths():
        assert path.findings
        assert set(path.findings) <= findings
        assert all(step.sentence.endswith(".") and "{" not in step.sentence for step in path.steps)


def test_the_plan_of_those_who_can_act_contains_the_mitigation(advisory):
    expected = advisory.case["expected"]
    study = replan(advisory.study, only=frozenset(map(Actor, expected["only"])))
    chosen = {control.id for control in study.plan.controls}
    assert set(expected["controls"]) <= chosen
    assert study.plan.proof.rederived == len(study.plan.remains)


def test_without_its_facts_there_is_no_path(advisory):
    assert conclude_case(advisory.case, with_facts=False).paths == ()
