import re
from dataclasses import replace

import pytest

from asepsis.model.plan import Proof
from asepsis.reports.summary import summary
from tests.cases.reports import studies

FILES = [("html", "report.html"), ("json", "study.json")]


def crowded():
    """As full as a study can be."""
    paths = tuple(
        replace(path, id=f"{path.id}-{number}", harm=replace(path.harm, function=f"{path.harm.function}-{number}", name=path.harm.name * 4))
        for number in range(9)
        for path in studies.PATHS
    )
    plan = replace(studies.PLAN, controls=studies.PLAN.controls * 9, remains=studies.PLAN.remains * 9)
    problems = tuple(replace(studies.PROBLEM, what=f"problem {number} " * 30) for number in range(50))
    return replace(studies.PUMP, paths=paths, plan=plan, problems=problems, not_assessed=studies.PUMP.not_assessed * 40)


@pytest.mark.parametrize("study", [*studies.ALL.values(), crowded()], ids=[*studies.ALL, "crowded"])
def test_it_fits_one_screen_whatever_the_study(study):
    lines = summary(study, FILES * 9)
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 100
    assert all(line.isprintable() for line in lines)


def test_it_says_what_was_looked_at_the_harms_the_plan_and_the_files():
    lines = summary(studies.PUMP, FILES)
    assert lines[1].startswith("Looked at: 84 % of the bytes given were understood")
    assert "  NOT looked at: 1 part could not be opened: pump-1.4.bin!data.ubi" in lines
    assert "  S5 death: The pump gives a dose that nobody ordered (many patients, 3 ways, easy)" in lines
    assert "  M03 Switch telnet off — the maker or the hospital; no clinical benefit lost" in lines
    assert any(line.startswith("  Remains: S2 A stranger reads") for line in lines)
    assert lines[-2:] == ["html: report.html", "json: study.json"]


def test_the_worst_harm_comes_first():
    levels = [int(found[1]) for line in summary(studies.PUMP, []) if (found := re.match(r"  S(\d) ", line))]
    assert levels == [5, 5, 4, 2]


def test_nothing_harmful_found_with_gaps_is_said_with_its_gaps():
    said = "\n".join(summary(studies.EMPTY, FILES))
    assert "No path to patient harm was found in what could be looked at." in said
    assert "mystery.bin" in said
    assert "2 rules could not tell: default_password, telnet_started" in said
    assert not re.search(r"\bclean\b|no problems", said, re.IGNORECASE)


def test_a_plan_that_leaves_harm_says_so():
    plan = replace(studies.PLAN, status="no-plan", controls=(), proof=Proof("HiGHS", 0.0, 0.0, 0.0, 3, 2, 41))
    said = " ".join(" ".join(summary(replace(studies.PUMP, plan=plan), [])).split())
    assert "No allowed set of fixes stops every unacceptable harm that was found; 2 unacceptable harms remain" in said


def test_a_plan_not_proven_to_be_least_is_not_called_least():
    plan = replace(studies.PLAN, status="feasible", proof=replace(studies.PLAN.proof, gap=0.125))
    said = " ".join(summary(replace(studies.PUMP, plan=plan), []))
    assert "the least is not proven (gap 12.5%)" in said
    assert "no allowed plan takes less" not in said


def test_more_harms_than_fit_are_counted():
    said = "\n".join(summary(crowded(), []))
    assert "and 32 more harms" in said  # 36 harms, 4 of them shown
