"""What was looked at and dismissed is told: grouped, once for each thing, with its place, and of old studies too."""

from __future__ import annotations

from dataclasses import replace

from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.where import Where
from asepsis.reports.dismissals import dismissed_lines, of_rule
from asepsis.reports.explain import explain
from asepsis.reports.words import EXEMPTIONS
from tests.cases.reports.studies import EMPTY, HOSTILE, PUMP, ROOT


def test_every_exemption_has_its_words():
    assert set(EXEMPTIONS) == set(Exemption)


def test_a_thing_that_two_rules_dismissed_stands_once():
    lines = dismissed_lines(PUMP)
    assert lines[0] == "Looked at and dismissed: 3 things"
    assert f"  the password of 'daemon' is locked — {ROOT}etc/shadow:2 (default_password, weak_hash)" in lines


def test_they_are_grouped_by_exemption():
    heads = [line.partition(":")[0] for line in dismissed_lines(PUMP)[1:] if not line.startswith(" ")]
    assert heads == ["template-variable", "locked", "other"]


def test_explain_lists_those_of_one_rule_and_all():
    assert f"  Seen and dismissed, locked: the password of 'daemon' is locked — {ROOT}etc/shadow:2" in explain(PUMP, "default_password")
    assert explain(PUMP, "dismissed") == dismissed_lines(PUMP)


def test_a_study_of_an_earlier_version_still_tells_its_words():
    old = replace(PUMP, dismissed=())
    assert of_rule(old, "private_key_shipped") == ["other: etc/ssl/ca.pem holds only a certificate"]


def test_the_piece_of_evidence_is_named_where_there_are_several():
    tree = replace(PUMP, dismissed=(Dismissed("r", Exemption.LOCKED, "x", Where("e2", "etc/shadow", line=1)),))
    assert "  x — ward.pcap: etc/shadow:1 (r)" in dismissed_lines(tree)


def test_nothing_dismissed_is_said_too():
    assert dismissed_lines(replace(EMPTY, dismissed=(), not_found=())) == ["Nothing was looked at and dismissed"]


def test_text_from_the_device_is_made_visible():
    assert all(line.isprintable() for line in dismissed_lines(HOSTILE))
