"""Radio cases among the advisories, as declared designs: the harm follows from the design, and nothing from its mended twin.

A case is a folder of ``tests/cases/designs``: ``design.toml`` as the advisory describes the device, ``mended.toml``, and in ``expected.toml`` the
harm, where an attacker starts, the rules that must find something and the moves that must be on the way.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from asepsis.evidence.readers.designs.design import DesignReader
from asepsis.model.evidence import Coverage, Evidence, EvidenceKind
from asepsis.model.facts import FACT_KINDS
from asepsis.model.finding import Certainty
from asepsis.model.reading import LookedFor, Reading
from asepsis.model.study import Study
from asepsis.story import Options, conclude, prepare
from tests.unit.evidence.reading import read_file

FOLDER = Path(__file__).parent / "designs"
CASES = sorted(folder for folder in FOLDER.iterdir() if folder.is_dir())
MATRIX = str(Path(__file__).parent / "advisories" / "strict-matrix.toml")


def study(folder: Path, name: str) -> Study:
    """All verbs after reading; the file is read in this process, since starting a child costs seconds."""
    facts = tuple(read_file(DesignReader(), (folder / name).read_bytes(), name))
    assert facts
    kinds = {type(fact) for fact in facts}
    reading = Reading(
        evidence=(Evidence("e1", EvidenceKind.DESIGN, name, "0" * 64, 1),),
        facts=facts,
        looked_for=tuple(LookedFor(kind.__name__, kind in kinds, "only the declared design was asked") for kind in FACT_KINDS),
        problems=(),
        coverage=Coverage(),
    )
    device = tomllib.loads((folder / "expected.toml").read_text("utf-8"))["device"]
    return conclude(reading, prepare(Options(device=device, matrix=MATRIX)))


@pytest.fixture(params=CASES, ids=lambda folder: folder.name)
def case(request):
    return request.param


def test_there_are_at_least_twelve_advisories_of_many_kinds_of_device():
    cases = [tomllib.loads((folder / "expected.toml").read_text("utf-8")) for folder in CASES]
    assert len({case["advisory"] for case in cases} - {""}) >= 12
    assert {"pacemaker", "icd", "insulin-pump", "pacemaker-programmer", "pacemaker-home-monitor", "neurostimulator"} <= {
        case["device"] for case in cases
    }


def test_the_harm_of_the_advisory_follows_from_its_design(case):
    expected = tomllib.loads((case / "expected.toml").read_text("utf-8"))
    told = study(case, "design.toml")
    assert {finding.rule for finding in told.findings} == set(expected["rules"])
    assert {finding.certainty for finding in told.findings} == {Certainty.DECLARED}
    paths = [path for path in told.paths if path.harm.effect == expected["effect"]]
    assert max(path.harm.level for path in paths) == expected["level"]
    assert {path.start for path in paths} & set(expected["starts_at"])
    assert any(path.harm.many_patients for path in paths) >= expected.get("many_patients", False)
    used = {step.move for path in paths for step in path.steps}
    assert set(expected.get("moves", ())) <= used
    assert told.plan.status == ("optimal" if expected["level"] > 2 else "none-needed")


def test_its_mended_twin_is_silent_and_still_not_called_clean(case):
    told = study(case, "mended.toml")
    assert (told.findings, told.paths, told.plan.controls) == ((), (), ())
    assert not told.complete
    assert told.not_found == ()


@pytest.mark.parametrize("name", [folder.name for folder in CASES if "pacemaker" in folder.name or "conexus" in folder.name])
def test_remote_monitoring_of_a_heart_is_not_switched_off_where_anything_else_helps(name):
    told = study(FOLDER / name, "design.toml")
    assert not {control.id for control in told.plan.controls} & {"M14", "M15", "M26"}
    alone = next(plan for plan in told.alternatives if plan.only == ("hospital",))
    for control in alone.controls:
        if control.id == "M15":
            assert "Decide with the patient" in control.loss_note
