"""The example pump on the whole road: its weaknesses are found, a plan stops them, and the mended twin closes every path."""

import importlib
import shutil
from pathlib import Path

import pytest

from asepsis.model.finding import Weakness
from asepsis.model.study import Study
from asepsis.reports.diff import difference
from asepsis.story import Options, run
from tests.written import documents

EXAMPLES = Path(__file__).parents[2] / "examples"
CLASSES = {
    "A": {Weakness.WIFI_SECRET_STORED},
    "B": {Weakness.HARD_CODED_CREDENTIAL, Weakness.REMOTE_MAINTENANCE_EXPOSED, Weakness.PRIVATE_KEY_SHIPPED, Weakness.WEAK_PASSWORD_HASH},
    "C": {Weakness.UNAUTHENTICATED_INTERFACE, Weakness.INTERCEPTABLE_COMMUNICATION, Weakness.UNSIGNED_UPDATE},
    "D": {Weakness.DENIAL_OF_SERVICE},
    "E": {Weakness.OUT_OF_DATE_SOFTWARE},
}
"""The five classes of examples/README.md, by the weaknesses that each must show."""

CLEAR = ("Harbour-Lantern-42", "Quiet-Meadow-58", "Copper-Kettle-31", "Tide-Marker-1987")
"""Every secret that the example holds in clear, or that its hashes are made of."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Study]:
    """The weak pump and its mended twin, as images."""
    if shutil.which("mksquashfs") is None or shutil.which("unsquashfs") is None:
        pytest.skip("squashfs-tools is not installed")
    folder = tmp_path_factory.mktemp("images")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        importlib.import_module("build").main([str(folder)])
    weak, mended = (run([str(folder / name)], Options(device="infusion-pump")) for name in ("infusion-pump.bin", "infusion-pump-mended.bin"))
    return weak, mended


@pytest.mark.parametrize("letter", CLASSES)
def test_every_class_of_weakness_is_found(studies: tuple[Study, Study], letter: str) -> None:
    assert CLASSES[letter] - {finding.weakness for finding in studies[0].findings} == set()


def test_the_weak_pump_can_give_a_dose_that_nobody_ordered_and_can_be_stopped(studies: tuple[Study, Study]) -> None:
    worst = {(path.harm.function, path.harm.effect.value) for path in studies[0].paths if path.harm.level == 5}
    assert {("set-dose", "command"), ("set-dose", "stop")} <= worst


def test_the_plan_is_proven_and_leaves_nothing(studies: tuple[Study, Study]) -> None:
    plan = studies[0].plan
    assert (plan.status, plan.proof.gap, plan.proof.rederived, plan.remains) == ("optimal", 0.0, 0, ())
    assert plan.controls


def test_the_mended_twin_has_no_finding_and_no_path(studies: tuple[Study, Study]) -> None:
    mended = studies[1]
    assert [finding.title for finding in mended.findings] == []
    assert (mended.paths, mended.plan.status, mended.problems, mended.coverage.unopened) == ((), "none-needed", (), ())


def test_the_difference_of_the_two_is_every_path_closed(studies: tuple[Study, Study]) -> None:
    lines = difference(*studies)
    assert sum(line.startswith("  closed: P-") for line in lines) == len(studies[0].paths) > 5
    assert [line for line in lines if line.startswith(("  opened", "  cannot tell", "  still", "  new"))] == []


def test_no_secret_of_the_pump_is_said(studies: tuple[Study, Study]) -> None:
    assert [secret for secret in CLEAR for _, document in documents(studies[0]) if secret.encode() in document] == []
