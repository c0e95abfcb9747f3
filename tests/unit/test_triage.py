"""Accepted findings: what they do to harms and plan, what stays said, and when an acceptance ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from asepsis.model.triage import Accepted, Because, TriageState
from asepsis.reports import sentences
from asepsis.reports.study_file import dump, load
from asepsis.reports.summary import summary
from asepsis.story import Options, conclude, prepare, replan
from tests.cases.loader import reading_of
from tests.unit.test_worlds import HOST_KEY, TELNET, WIFI, study_of

DAY = date(2026, 11, 25)
OPEN = "service_without_authentication"


def finding(study, rule):
    return next(one for one in study.findings if one.rule == rule)


def entry(study, of, expires=date(2027, 3, 31), **more):
    return Accepted(finding(study, of).id, "A. Berg", "bench build only", expires, **more)


def with_triage(facts, *entries, as_of=DAY):
    setting = replace(prepare(Options(device="infusion-pump", as_of=as_of)), accepted=entries)
    return conclude(reading_of({"fact": [{"where": f"file{number}", **fact} for number, fact in enumerate(facts)]}), setting)


@pytest.fixture(scope="module")
def telnet():
    return study_of(TELNET)


@pytest.fixture(scope="module")
def accepted(telnet):
    return with_triage([TELNET], entry(telnet, OPEN), entry(telnet, "telnet_service"))


class TestEffect:
    def test_the_plan_and_the_harms_are_made_without_what_was_accepted(self, telnet, accepted):
        assert telnet.plan.controls
        assert any(not rating.acceptable for rating in telnet.ratings)
        assert accepted.plan.status == "none-needed"
        assert accepted.ratings == accepted.paths == ()

    def test_the_findings_stay_in_the_study(self, telnet, accepted):
        assert accepted.findings == telnet.findings

    def test_every_harm_that_went_stays_said(self, telnet, accepted):
        gone = {(path.harm.device, path.harm.function, path.harm.effect.value) for path in telnet.paths}
        assert {(harm.device, harm.function, harm.effect) for harm in accepted.accepted_harms} == gone
        assert all(finding(telnet, OPEN).id in harm.through for harm in accepted.accepted_harms)
        worst = {rating.path: rating for rating in telnet.ratings}
        assert {harm.acceptable for harm in accepted.accepted_harms} == {rating.acceptable for rating in worst.values()}

    def test_what_is_said_of_the_harm_is_the_worst_way(self, telnet, accepted):
        before = {(path.harm.function, path.harm.effect.value): path.harm.many_patients for path in telnet.paths}
        assert {(harm.function, harm.effect): harm.many_patients for harm in accepted.accepted_harms} == before
        assert accepted.accepted_harms[0].level == 5

    def test_a_plan_for_the_rest_does_not_hide_what_it_leaves(self, telnet):
        """The flow is closed by the plan; the same harm by accepted telnet stays."""
        flow = {"kind": "Flow", "name": "orders", "effect": "command", "encrypted": False, "authenticated": False, "accepts_strangers": True}
        study = with_triage([TELNET, flow], entry(telnet, OPEN), entry(telnet, "telnet_service"))
        assert study.plan.controls
        assert not study.plan.remains
        assert ("set-dose", "command") in {(harm.function, harm.effect) for harm in study.accepted_harms}

    def test_what_the_plan_closes_by_the_way_is_not_said_to_stay_open(self):
        """FTP that asks for nothing is accepted, Telnet is not: the control that switches off the one switches off the other."""
        ftp = {**TELNET, "name": "ftp", "port": 21, "gives": "control"}
        both = study_of(TELNET, ftp)
        mine = [one for one in both.findings if one.subject == "ftp" and one.claims]
        assert mine
        study = with_triage([TELNET, ftp], *(Accepted(one.id, "A", "b", date(2027, 1, 1)) for one in mine))
        assert [one.id for one in study.plan.controls] == ["M03"]
        assert study.accepted_harms == ()

    def test_a_finding_on_no_path_leaves_nothing_open(self):
        base = study_of(WIFI)
        assert with_triage([WIFI], *(entry(base, one.rule) for one in base.findings)).plan.status == "none-needed"

    def test_planning_again_keeps_to_the_triage(self, accepted):
        again = replan(accepted, forbid=frozenset({"M03"}))
        assert again.plan.status == "none-needed"
        assert again.accepted_harms == accepted.accepted_harms

    def test_the_reason_makes_no_difference_to_what_is_said(self, telnet, accepted):
        other = [entry(telnet, rule, because=Because.FALSE_POSITIVE) for rule in (OPEN, "telnet_service")]
        assert with_triage([TELNET], *other).accepted_harms == accepted.accepted_harms


class TestState:
    def states(self, telnet, *entries, as_of=DAY):
        return [(one.state, one.soon) for one in with_triage([TELNET], *entries, as_of=as_of).triage]

    @pytest.mark.parametrize(
        ("as_of", "state", "soon"),
        [
            (date(2027, 2, 28), TriageState.COUNTS, False),
            (date(2027, 3, 1), TriageState.COUNTS, True),
            (date(2027, 3, 31), TriageState.COUNTS, True),
            (date(2027, 4, 1), TriageState.EXPIRED, False),
        ],
    )
    def test_the_last_day_still_counts_and_thirty_days_before_it_are_soon(self, telnet, as_of, state, soon):
        assert self.states(telnet, entry(telnet, OPEN), as_of=as_of) == [(state, soon)]

    def test_an_expired_entry_changes_nothing(self, telnet):
        study = with_triage([TELNET], entry(telnet, OPEN, expires=date(2026, 11, 24)), entry(telnet, "telnet_service", expires=date(2026, 11, 24)))
        assert (study.paths, study.ratings, study.plan, study.accepted_harms) == (telnet.paths, telnet.ratings, telnet.plan, ())

    def test_an_entry_for_a_finding_that_is_not_there(self, telnet):
        gone = replace(entry(telnet, OPEN), id="F-000000000000", rule=OPEN)
        (one,) = with_triage([TELNET], gone).triage
        assert one.state is TriageState.NO_SUCH_FINDING
        assert finding(telnet, OPEN).id in one.note

    @pytest.mark.parametrize("wrong", [{"rule": "telnet_service"}, {"subject": "ftp"}])
    def test_an_entry_with_another_rule_or_subject_does_not_count(self, telnet, wrong):
        study = with_triage([TELNET], entry(telnet, OPEN, **wrong))
        assert [one.state for one in study.triage] == [TriageState.DOES_NOT_FIT]
        assert study.paths == telnet.paths

    def test_an_entry_with_its_own_rule_and_subject_counts(self, telnet):
        assert self.states(telnet, entry(telnet, OPEN, rule=OPEN, subject="telnet")) == [(TriageState.COUNTS, False)]


class TestTold:
    def test_the_first_screen_says_what_was_left_out_and_what_stays_open(self, accepted):
        lines = summary(accepted, [("json", "a.json")])
        text = " ".join(" ".join(lines).split())
        assert len(lines) <= 25
        assert "Leaving out 2 accepted findings: no path to patient harm was found" in text
        assert "Triage: 2 findings are accepted and left out of harms and plan" in text
        assert "Stays open: S5 The pump" in text
        assert sentences.plan_sentence(accepted).startswith("Leaving out 2 accepted findings: no fix is needed")

    def test_every_entry_that_does_not_count_is_said(self, telnet):
        entries = (entry(telnet, OPEN, expires=date(2026, 11, 24)), replace(entry(telnet, OPEN), id="F-000000000000"))
        text = " ".join(" ".join(summary(with_triage([TELNET], *entries), [])).split())
        assert f"expired and counted again: {finding(telnet, OPEN).id}" in text
        assert "no such finding in this study: F-000000000000" in text
        assert "Leaving out" not in text

    def test_without_triage_nothing_is_said_of_it(self, telnet):
        assert "riage" not in "\n".join(summary(telnet, []))
        assert telnet.triage == telnet.accepted_harms == ()

    def test_the_study_file_holds_it_and_a_study_from_before_still_opens(self, telnet, accepted):
        assert load(dump(accepted)) == accepted
        old = dump(telnet).replace(b',\n  "triage": [],\n  "accepted_harms": []', b"")
        assert b"triage" not in old
        assert load(old) == telnet


def test_an_accepted_key_does_not_take_the_claims_of_others(telnet):
    both = study_of(TELNET, HOST_KEY)
    keys = [one for one in both.findings if "key" in one.rule]
    study = with_triage([TELNET, HOST_KEY], *(Accepted(one.id, "A", "b", date(2027, 1, 1)) for one in keys))
    assert study.plan.controls == telnet.plan.controls
