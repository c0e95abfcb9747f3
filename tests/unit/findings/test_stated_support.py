"""A study that was given a table of the user's: his words decide, and stand where a shipped assumption would."""

from __future__ import annotations

from datetime import date

import pytest

from asepsis.findings.rule import Context, Facts
from asepsis.findings.rules.software import operating_system_out_of_support, protection_out_of_date
from asepsis.knowledge.load import KnowledgeBase
from asepsis.knowledge.stated_support import load_stated_support
from asepsis.model.facts import OperatingSystem, Protection
from asepsis.model.where import Where
from asepsis.story import CannotAssess, Options, run

DAY = date(2026, 11, 23)
PLACE = Where("e1", "etc/os-release")
SYSTEM = OperatingSystem(PLACE, name="Pump OS", version="7.2", product="pumpos")
SCANNER = Protection(PLACE, name="ClamAV", kind="anti-virus", enabled=True, definitions_date=date(2026, 11, 16))


@pytest.fixture
def context(tmp_path):
    def say(text):
        path = tmp_path / "ours.toml"
        path.write_text(text)
        return Context(KnowledgeBase(stated=load_stated_support(path)), DAY)

    return say


def outcome(rule, fact, context):
    (one,) = rule.check(Facts([fact]), context)
    return one


def test_an_unlisted_system_that_the_user_knows_to_be_mended_is_silent_with_his_words(context):
    said = outcome(operating_system_out_of_support, SYSTEM, context('[[product]]\nid = "pumpos"\nends = { "7" = 2030-01-01 }'))
    assert said.what == "support of pumpos 7 ends on 2030-01-01 (stated in ours.toml)"


def test_an_unlisted_system_whose_end_the_user_knows_is_found_without_an_assumption_about_its_end(context):
    said = outcome(operating_system_out_of_support, SYSTEM, context('[[product]]\nid = "pumpos"\nends = { "7" = 2020-01-01 }'))
    assert "support of pumpos 7 ended on 2020-01-01 (stated in ours.toml)" in str(said)
    assert "Support of" not in str(said.finding.assumes)


def test_definitions_of_7_days_are_old_for_who_allows_3_and_the_limit_is_called_his(context):
    said = outcome(protection_out_of_date, SCANNER, context("definitions_days = 3"))
    assert "at most 3 days: stated in ours.toml" in str(said)
    assert "[P]" not in " ".join(text for text in said.finding.assumes if "definitions" in text)


def test_the_shipped_limit_stands_among_the_assumptions():
    said = outcome(protection_out_of_date, SCANNER, Context(KnowledgeBase(), date(2026, 12, 31)))
    assert "definitions older than 30 days are taken to be out of date [P]" in said.finding.assumes


def test_a_study_says_that_a_table_of_the_users_was_used_and_what_it_decided(tmp_path):
    device = tmp_path / "device"
    (device / "etc").mkdir(parents=True)
    (device / "etc" / "os-release").write_text('ID=pumpos\nNAME="Pump OS"\nVERSION_ID=7.2\n')
    ours = tmp_path / "ours.toml"
    ours.write_text('[[product]]\nid = "Pump OS"\nends = { "7" = 2020-01-01 }')
    study = run([f"dir:{device}"], Options(support=str(ours)))
    assert [one.rule for one in study.findings] == ["operating_system_out_of_support"]
    assert study.tool.options["support"].startswith("SHA-256 ")
    assert any("stated in ours.toml" in item.support_source for item in study.inventory)
    assert str(tmp_path) not in repr(study.inventory)


def test_a_table_that_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(CannotAssess, match=r"none\.toml: no such file"):
        run([str(tmp_path)], Options(support=str(tmp_path / "none.toml")))
