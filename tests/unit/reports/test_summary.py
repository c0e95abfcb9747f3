import re
from dataclasses import replace

import pytest

from asepsis.model.evidence import LeftOut
from asepsis.model.facts import FACT_KINDS
from asepsis.model.finding import Certainty, NotAssessed
from asepsis.model.plan import Proof
from asepsis.reports.harms import reachable_harms
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
    assert lines[2].startswith("  NOT looked at: 1 part could not be opened: pump-1.4.bin!data.ubi; ")
    assert "  S5 death: The pump gives a dose that nobody ordered (many patients, 3 ways, easy, switched on)" in lines
    assert "  M03 Switch telnet off — the maker; no clinical benefit lost" in lines
    assert any(line.startswith("  Remains: S2 A stranger reads") for line in lines)
    assert "  The maker alone: M03, M08, M17; then no unacceptable harm remains" in lines
    assert "  The hospital alone: M12; then remains: S5 The pump gives a dose that nobody ordered" in lines
    assert lines[-2:] == ["html: report.html", "json: study.json"]


def test_the_worst_harm_comes_first():
    levels = [int(found[1]) for line in summary(studies.PUMP, []) if (found := re.match(r"  S(\d) ", line))]
    assert levels == [5, 5, 4, 2]


def test_nothing_harmful_found_with_gaps_is_said_with_its_gaps():
    said = "\n".join(summary(studies.EMPTY, FILES))
    assert "No path to patient harm was found in what could be looked at." in said
    assert "mystery.bin" in said
    assert "no file of accounts could be read" in said
    assert said.count("no start-up files could be read") == 1  # the reason of two rules
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
    lines = summary(crowded(), [])
    shown = sum(bool(re.match(r"  S\d ", line)) for line in lines)
    assert shown >= 1
    assert f"  and {36 - shown} more harms: see the report" in lines


LONG = "The pump stops, or starts too late: a patient who depends on a vasopressor can die within minutes, and so can one who depends on oxygen."


def test_the_sentence_of_a_harm_is_told_whole_over_two_lines_with_the_details_behind_it():
    lines = summary(_with_harm(LONG), FILES)
    at = next(number for number, line in enumerate(lines) if line.startswith("  S5 death: The pump stops"))
    assert " ".join(line.strip() for line in lines[at : at + 2]) == f"S5 death: {LONG.rstrip('.')} (1 way, easy, demonstrated)"


def test_no_sentence_about_a_patient_is_ever_cut():
    told = " ".join(" ".join(summary(_crowd_of(LONG), FILES * 9)).split())
    assert "…" not in told
    assert told.count("S5 death") == told.count(LONG.rstrip("."))
    assert "more harms: see the report" in told


def _with_harm(name):
    only = next(path for path in studies.PATHS if path.harm == studies.STOP)
    return replace(studies.PUMP, paths=(replace(only, harm=replace(only.harm, name=name)),))


def _crowd_of(name):
    path = _with_harm(name).paths[0]
    paths = tuple(replace(path, id=f"{path.id}-{number}", harm=replace(path.harm, function=f"infuse-{number}")) for number in range(9))
    return replace(studies.PUMP, paths=paths, plan=replace(studies.PLAN, controls=studies.PLAN.controls * 9))


def test_what_was_not_looked_at_is_said_without_a_rule_and_each_reason_once():
    told = " ".join(" ".join(summary(studies.PUMP, FILES)).split())
    assert told.count("radio links (needs a Bluetooth capture or the design of the device)") == 1
    assert "stored patient data (this version does not look there)" in told
    assert not re.search(r"[a-z]_[a-z]", told[told.index("NOT looked at") : told.index("4 harms")])


def test_gaps_that_do_not_fit_are_counted():
    problems = tuple(replace(studies.PROBLEM, what=f"problem {number} " * 12) for number in range(3))
    told = " ".join(summary(replace(crowded(), problems=problems), FILES))
    assert re.search(r"; \d more: see the report", told)


def test_a_party_that_can_do_nothing_alone_is_told_so():
    nothing = replace(studies.HOSPITAL_ALONE, status="no-plan", controls=(), cost=0.0)
    lines = summary(replace(studies.PUMP, alternatives=(nothing,)), [])
    assert "  The hospital alone: nothing stops any of these harms" in lines


def test_the_plan_that_was_asked_for_is_not_told_twice():
    study = replace(studies.PUMP, plan=studies.HOSPITAL_ALONE)
    told = "\n".join(summary(study, []))
    assert "The hospital alone" not in told
    assert "The maker alone" in told


def test_many_gaps_are_told_whole_as_far_as_there_is_room():
    reason = "no configured clinical link is in the evidence, and traffic needs a network capture: none was given, and this version reads none"
    kinds = [f"{kind.__name__} was not looked for: {reason} ({number})" for number, kind in enumerate(FACT_KINDS)]
    study = replace(studies.MENDED, not_assessed=tuple(NotAssessed(f"rule_{number}", why) for number, why in enumerate(kinds)))
    told = " ".join(" ".join(summary(study, FILES)).split())
    shown = told.count("this version reads none (")
    assert shown >= 5
    assert f"; {len(kinds) - shown} more: see the report" in told
    assert "…" not in told


def test_a_harm_says_how_far_its_best_shown_way_was_shown():
    chain = replace(studies.PUMP.paths[0], findings=("F-000000000004", "F-000000000005"))
    (harm,) = reachable_harms(replace(studies.PUMP, paths=(chain,)))
    assert harm.shown is Certainty.PRESENT
    (bare,) = reachable_harms(replace(studies.PUMP, paths=(replace(chain, findings=()),)))
    assert bare.shown is None


def test_how_much_of_the_traffic_was_understood_is_said():
    heard = replace(studies.PUMP.coverage, packets=200, packets_understood=150, packets_left_out=(LeftOut("tcp port 6001", 50, 4000),))
    lines = summary(replace(studies.PUMP, coverage=heard, problems=()), FILES)
    text = " ".join(line.strip() for line in lines)
    assert "150 of 200 packets of traffic understood; not understood: tcp port 6001 (50 packets, 4,000 bytes)" in text
    assert "of traffic" not in " ".join(summary(studies.PUMP, FILES))
