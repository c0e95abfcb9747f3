"""What many programs lack is one finding, which stays the same finding when one program more lacks it."""

from __future__ import annotations

from datetime import date

from asepsis.findings.judge import judge
from asepsis.findings.rule import Context, Facts, Found
from asepsis.findings.rules.software import hardening_absent
from asepsis.knowledge.load import load
from asepsis.model.evidence import Coverage
from asepsis.model.facts import FACT_KINDS, Hardening, StartedProgram
from asepsis.model.reading import LookedFor, Reading
from asepsis.model.where import Where


def finding(*facts):
    (outcome,) = hardening_absent.check(Facts(facts), Context(None, date(2026, 11, 23)))
    assert isinstance(outcome, Found)
    return outcome.finding


def lacking(path, *, listens=False):
    return Hardening(Where("e1", path), "PIE", False, path.rsplit("/", 1)[-1], listens)


MANY = [lacking(f"usr/bin/tool{number:03}") for number in range(90)]


def test_the_reachable_come_first_then_the_started_and_the_rest_is_counted():
    start = StartedProgram(Where("e1", "etc/inittab", line=1), "/usr/bin/zpump", "/usr/bin/zpump", "inittab")
    said = finding(*MANY, lacking("usr/bin/zpump"), lacking("usr/sbin/zweb", listens=True), start)
    assert said.title == "92 programs without PIE (loaded at a fixed, known address): zweb, zpump, tool000 and 89 more"
    assert said.shown_by == ("the device starts zpump by itself",)
    assert said.facts == ("listening on the network: zweb", "52 more places are not listed")
    assert {"usr/sbin/zweb", "usr/bin/zpump"} <= {where.path for where in said.locations}


def test_one_program_is_said_in_the_singular():
    assert finding(lacking("bin/a")).title == "1 program without PIE (loaded at a fixed, known address): a"


def test_one_program_more_is_no_other_finding():
    few, more = (
        judge(_reading(facts), Context(load(), date(2026, 11, 23)), [hardening_absent]).findings for facts in (MANY, [*MANY, lacking("usr/bin/new")])
    )
    assert [one.id for one in few] == [one.id for one in more]


def _reading(facts):
    everything = tuple(LookedFor(kind.__name__, looked=True) for kind in FACT_KINDS)
    return Reading(evidence=(), facts=tuple(facts), looked_for=everything, problems=(), coverage=Coverage())
