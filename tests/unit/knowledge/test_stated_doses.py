"""What a user states of pumps and wards."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from asepsis.knowledge.stated_doses import load_stated_doses
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.amount import amount
from asepsis.model.dose_assumptions import ASSUMED, MEANING
from asepsis.model.prescription import agrees


def file(tmp_path, text):
    path = tmp_path / "ward.toml"
    path.write_text(text)
    return path


def test_what_is_stated_takes_the_place_of_what_is_taken_for_granted(tmp_path):
    stated = load_stated_doses(file(tmp_path, "pump_step = 1\nbedside_minutes = 30\n"))
    assert stated == replace(ASSUMED, pump_step=1, bedside_minutes=30, stated=("bedside_minutes", "pump_step"))
    assert stated.rounding.step == Fraction(1, 2)
    assert stated.time("bedside_minutes") == 30 * 60 * 10**9


def test_every_value_is_shown_with_whose_it_is(tmp_path):
    said = load_stated_doses(file(tmp_path, "pause_minutes = 2.5")).said()
    assert len(said) == len(MEANING)
    assert [text for text in said if text.endswith("[user]")] == ["Doses: a pause of an alarm's sound lasts no longer than 2.5 min [user]"]
    assert all(text.endswith(("[P]", "[user]")) for text in said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bedside_minutes = -1",
        "pump_step = inf",
        "leap = nan",
        "leap = 0.5",
        "rounding_percent = 90",
        "patience = 3",
        "pump_step = 'x'",
        "stated = ['leap']",
        "a =",
    ],
)
def test_what_is_written_wrong_is_not_passed_over(tmp_path, text):
    with pytest.raises(KnowledgeError, match=r"ward\.toml"):
        load_stated_doses(file(tmp_path, text))


def test_a_pump_of_whole_millilitres_rounds_to_them():
    """31.5 mL/h ordered and 32 shown: half a step of 1 mL/h, and ten times half a step of 0.1."""
    ordered, shown = amount("31.5", "mL/h"), amount("32.0", "mL/h")
    assert agrees(ordered, shown) is False
    assert agrees(ordered, shown, rounding=replace(ASSUMED, pump_step=1).rounding) is True
