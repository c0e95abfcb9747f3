"""A control that names what the attack graph does not know would cut nothing and look like safety, so it is refused."""

import pytest

from asepsis.knowledge.controls import load_controls
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.plan import Actor, Control, Cut

TEXT = """
[[control]]
id = "M03"
title = "Close telnet"
do = "Take telnet out."
actors = ["maker", "hospital"]
cost = 2
loss = 0.5
lag = "days"
cuts = [{ predicate = "service", args = ["this", "telnet|ftp", "!touch|internet", "*"] }]

[[control]]
id = "M01"
title = "Own secret in every device"
do = "Make secrets at manufacture."
actors = ["maker"]
cost = 4
loss = 0
lag = "release"
cuts = []
partial = true
"""


def test_controls_come_sorted_with_their_cuts(tmp_path):
    path = tmp_path / "controls.toml"
    path.write_text(TEXT)
    first, second = load_controls(path)
    assert first == Control("M01", "Own secret in every device", "Make secrets at manufacture.", (Actor.MAKER,), 4, 0, "release", (), partial=True)
    assert second.cuts == (Cut("service", ("this", "telnet|ftp", "!touch|internet", "*")),)
    assert (second.cost, second.loss, second.actors) == (2, 0.5, (Actor.MAKER, Actor.HOSPITAL))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('predicate = "service"', 'predicate = "sevice"', "control.M03.cuts.sevice: no such predicate; did you mean service"),
        (', "*"] }', "] }", "control.M03.cuts.service: takes 4 arguments (device, service, zone, auth), got 3"),
        ("!touch|internet", "!touch|internat", "control.M03.cuts.service: no such zone: 'internat'; did you mean internet?"),
        ('"*"] }', '"nothing"] }', "control.M03.cuts.service: no such auth: 'nothing'; known are key, mutual, none, password, unknown"),
        ('id = "M01"', 'id = "M03"', "control.M03: stated 2 times"),
        ("cost = 4", "cost = 6", "control.M01.cost: must be 1 to 5, not 6"),
        ("loss = 0.5", "loss = -1", "control.M03.loss: must be 0 to 3, not -1"),
        ('["maker"]', '["vendor"]', "control.M01.actors.1: no such actor: 'vendor'; known are clinician, hospital, maker"),
        ('["maker"]', "[]", "control.M01.actors: nobody could act"),
        ("partial = true", 'scope = "ward"', "control.M01.scope: no such scope: 'ward'"),
        ("partial = true", "partail = true", "control.M01.partail: no such key; did you mean partial?"),
    ],
)
def test_a_mistake_is_named_with_its_control(tmp_path, old, new, said):
    assert old in TEXT
    path = tmp_path / "controls.toml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(KnowledgeError) as refused:
        load_controls(path)
    assert str(refused.value).startswith(f"{path}: {said}")


@pytest.mark.parametrize("text", ["", "control = []", 'control = "x"', TEXT + "\n[other]\n"])
def test_a_file_without_controls_is_refused(tmp_path, text):
    path = tmp_path / "controls.toml"
    path.write_text(text)
    with pytest.raises(KnowledgeError, match=r"must hold \[\[control\]\] tables and nothing else"):
        load_controls(path)
