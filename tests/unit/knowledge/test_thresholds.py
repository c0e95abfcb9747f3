"""A site's own thresholds: what it states holds, what it does not stays ours, and what is wrong is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from asepsis.knowledge.thresholds import load_thresholds, thresholds_toml
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.thresholds import SHIPPED, Thresholds, meanings


def load(tmp_path: Path, text: str) -> Thresholds:
    path = tmp_path / "site.toml"
    path.write_text(text)
    return load_thresholds(path)


def test_what_is_stated_holds_and_the_rest_stays(tmp_path):
    assert load(tmp_path, "icmp = 100\n") == Thresholds(icmp=100)
    assert load(tmp_path, "") == SHIPPED


def test_the_text_to_start_from_is_read_back_and_marks_all_as_proposals(tmp_path):
    assert load(tmp_path, thresholds_toml()) == SHIPPED
    assert "[P]" in thresholds_toml()
    assert all(meaning in thresholds_toml() for _, _, meaning in meanings())


@pytest.mark.parametrize("text", ["icmp = 0", "icmp = -3", "icmp = 1.5", 'icmp = "many"', "icmp = true", "ping = 3", "icmp = 9999999999", "icmp"])
def test_what_is_wrong_is_one_line_with_the_key(tmp_path, text):
    with pytest.raises(KnowledgeError, match=r"site\.toml") as raised:
        load(tmp_path, text)
    assert "\n" not in str(raised.value)


def test_what_was_taken_for_granted_is_told_with_its_mark():
    assert Thresholds(icmp=100).words("icmp", "times_usual") == (
        "100 ICMP messages to one address that are no answers, in 5 s (threshold, set by the user)",
        "10 times what is usual for the victim (threshold, our own proposal [P])",
    )
