"""A user's profile is read with care: what it says is kept, what is wrong with it is one clear line."""

from pathlib import Path

import pytest

from asepsis.knowledge.devices import device_toml, load_device, shipped_device
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.device import Barrier, BarrierState, Device, Function, HarmEntry, Interface, Mark
from asepsis.model.facts import Effect, Zone

FULL = """
id = "my-pump"
title = "My pump"

[[functions]]
id = "set-dose"
title = "Give the dose"

[[functions.harms]]
effect = "command"
level = 5
sentence = "The pump gives a dose that nobody ordered."

[[barriers]]
id = "hard-limit"
title = "A hard limit"
function = "set-dose"
effect = "command"
routes = ["order", "control"]

[[interfaces]]
name = "service port"
zone = "touch"
"""


def load(folder: Path, text: str) -> Device:
    path = folder / "pump.toml"
    path.write_text(text, "utf-8")
    return load_device(path)


def complaint(folder: Path, text: str) -> str:
    """The one line that refuses ``text``, without the file's name that must begin it."""
    with pytest.raises(KnowledgeError) as refused:
        load(folder, text)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(f"{folder / 'pump.toml'}: ")
    return message.removeprefix(f"{folder / 'pump.toml'}: ")


def test_what_a_user_states_without_a_mark_is_the_users_own(tmp_path):
    assert load(tmp_path, FULL) == Device(
        id="my-pump",
        title="My pump",
        functions=(Function("set-dose", "Give the dose", (HarmEntry(Effect.COMMAND, 5, "The pump gives a dose that nobody ordered.", Mark.USER),)),),
        barriers=(Barrier("hard-limit", "A hard limit", "set-dose", Effect.COMMAND, ("order", "control"), BarrierState.CLAIMED),),
        interfaces=(Interface("service port", Zone.TOUCH, Mark.USER),),
    )


def test_a_profile_that_extends_another_changes_only_what_it_names(tmp_path):
    base = shipped_device("infusion-pump")
    own = load(
        tmp_path,
        """
        extends = "infusion-pump"
        id = "ward-pump"
        patients_per_unit = 4

        [[functions]]
        id = "set-dose"
        [[functions.harms]]
        effect = "command"
        level = 3

        [[functions]]
        id = "warm"
        title = "Warm the fluid"
        [[functions.harms]]
        effect = "stop"
        level = 2
        sentence = "The fluid is cold."

        [[barriers]]
        id = "hard-dose-limit"
        state = "verified"
        source = "bench test 12 of our laboratory"
        """,
    )
    assert (own.id, own.title, own.patients_per_unit) == ("ward-pump", base.title, 4)
    assert [function.id for function in own.functions] == ["set-dose", "alarm", "record", "warm"]
    changed, kept = own.functions[0].harms
    command, stop = base.functions[0].harms
    assert changed == HarmEntry(Effect.COMMAND, 3, command.sentence, Mark.USER)
    assert kept == stop
    assert own.functions[1:3] == base.functions[1:3]
    assert [barrier.id for barrier in own.barriers] == [barrier.id for barrier in base.barriers]
    limit = next(barrier for barrier in own.barriers if barrier.id == "hard-dose-limit")
    assert (limit.state, limit.routes, limit.source) == (BarrierState.VERIFIED, ("order", "control"), "bench test 12 of our laboratory")
    assert own.interfaces == base.interfaces


def test_a_verified_barrier_does_not_inherit_the_source_of_the_claimed_one(tmp_path):
    text = 'extends = "infusion-pump"\n[[barriers]]\nid = "hard-dose-limit"\nstate = "verified"\n'
    assert complaint(tmp_path, text) == "barriers.hard-dose-limit.source: a verified barrier must say which test showed it"


def test_an_override_stated_twice_is_refused_and_not_half_lost(tmp_path):
    block = '[[functions]]\nid = "set-dose"\n[[functions.harms]]\neffect = "{}"\nlevel = 2\n'
    text = 'extends = "infusion-pump"\n' + block.format("command") + block.format("stop")
    assert complaint(tmp_path, text) == "functions: 'set-dose' is stated 2 times"


def test_a_profile_that_only_extends_equals_what_it_extends(tmp_path):
    assert load(tmp_path, 'extends = "mri"\n') == shipped_device("mri")


def test_a_native_toml_date_is_as_good_as_text(tmp_path):
    assert load(tmp_path, "date = 2026-03-01\n" + FULL).date == "2026-03-01"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level = 5", "level = 7", "functions.set-dose.harms.command: harm level must be 1 to 5, not 7"),
        ("level = 5", "level = true", "functions.set-dose.harms.command.level: Expected `int`, got `bool`"),
        ("level = 5\n", "", "functions.set-dose.harms.command.level: missing"),
        ("level = 5", "levle = 5", "functions.set-dose.harms.command.levle: no such key; did you mean level?"),
        ('zone = "touch"', 'zone = "tuch"', "interfaces.service port.zone: no such zone: 'tuch'; did you mean touch?"),
        ('zone = "touch"', 'zone = "Wi-Fi range"', "interfaces.service port.zone: no such zone: 'Wi-Fi range'; did you mean wifi_range?"),
        (
            'effect = "command"\nlevel',
            'effect = "explode"\nlevel',
            "functions.explode.harms.explode.effect: no such effect: 'explode'; known are command, reading, record, stop",
        ),
        (
            '"order", "control"',
            '"order", "cotnrol"',
            "barriers.hard-limit: barrier hard-limit: unknown route cotnrol; known are order, control, false-data, crash",
        ),
        ('function = "set-dose"', 'function = "set-doze"', "barriers.hard-limit.function: no such function: 'set-doze'; did you mean set-dose?"),
        (
            'effect = "command"\nroutes',
            'effect = "stop"\nroutes',
            "barriers.hard-limit.effect: set-dose has no harm by stop, so there is nothing to guard",
        ),
        ('id = "my-pump"', 'id = "My Pump"', "id: 'My Pump' must be lower-case words joined by hyphens, like infusion-pump"),
        ('title = "My pump"', 'titel = "My pump"', "titel: no such key; did you mean title?"),
        ('title = "My pump"', 'title = "x"\npatients_per_unit = 0', "patients_per_unit: must be 1 or more, not 0"),
        ('title = "My pump"', 'title = "x"\ndate = "1.3.2026"', "date: must be a day like 2026-11-23, not '1.3.2026'"),
        (
            'title = "My pump"',
            'title = "x"\nextends = "infusion-pmup"',
            "extends: no such device profile: infusion-pmup; did you mean infusion-pump?",
        ),
        ('title = "My pump"', 'title = "x"\nextends = 3', "extends: must be the id of a shipped profile"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_was_meant(tmp_path, old, new, said):
    assert old in FULL
    told = complaint(tmp_path, FULL.replace(old, new, 1))
    assert told.replace("functions.explode", "functions.set-dose", 1) == said.replace("functions.explode", "functions.set-dose", 1)


def test_ids_used_twice_are_refused(tmp_path):
    second = '\n[[functions]]\nid = "set-dose"\ntitle = "again"\nharms = []\n'
    assert complaint(tmp_path, FULL + second) == "functions: 'set-dose' is stated 2 times"


def test_a_profile_in_which_nothing_can_hurt_is_refused(tmp_path):
    text = 'id = "x"\ntitle = "x"\n[[functions]]\nid = "f"\ntitle = "f"\nharms = []\n'
    assert complaint(tmp_path, text) == "functions: no harm is stated, so nothing could ever hurt a patient; state at least one"


def test_broken_files_are_one_line_each(tmp_path):
    assert complaint(tmp_path, "id = ").startswith("not TOML: ")
    assert complaint(tmp_path, "x = " + "[" * 5000) == "nested too deeply"
    assert complaint(tmp_path, "#" * (1024 * 1024 + 1)) == "longer than 1048576 bytes"
    path = tmp_path / "pump.toml"
    path.write_bytes(b'id = "\xff"')
    with pytest.raises(KnowledgeError, match=r"not UTF-8 text \(byte 6\)"):
        load_device(path)
    with pytest.raises(KnowledgeError, match="no such file"):
        load_device(tmp_path / "absent.toml")
    with pytest.raises(KnowledgeError, match="not a file"):
        load_device(tmp_path)


def test_a_wrong_kind_of_table_is_refused_and_not_a_crash(tmp_path):
    assert complaint(tmp_path, 'id = "x"\ntitle = "x"\nfunctions = "none"\n') == "functions: Expected `array`, got `str`"
    assert complaint(tmp_path, 'id = "x"\ntitle = "x"\nfunctions = [3]\n') == "functions.1: Expected `object`, got `int`"
    assert complaint(tmp_path, 'extends = "mri"\nfunctions = [3]\n') == "functions.4: Expected `object`, got `int`"


def test_control_characters_of_a_bad_word_do_not_reach_the_terminal(tmp_path):
    told = complaint(tmp_path, FULL.replace('zone = "touch"', r'zone = "\u001b[31mred\n"'))
    assert "\x1b" not in told


def test_text_with_quotes_line_breaks_and_control_characters_survives_the_round_trip(tmp_path):
    awkward = 'a "quoted" \\ line\nbreak\ttab \x7f \u2028 ümläut'
    device = Device("odd", awkward, (Function("f", awkward, (HarmEntry(Effect.STOP, 1, awkward, Mark.KNOWLEDGE, awkward),)),), note=awkward)
    assert load(tmp_path, device_toml(device)) == device


def test_an_unknown_profile_names_its_neighbours_and_reads_no_other_file():
    with pytest.raises(KnowledgeError, match=r"no such device profile: pacemakr; did you mean pacemaker"):
        shipped_device("pacemakr")
    with pytest.raises(KnowledgeError, match="no such device profile"):
        shipped_device("../sites/default")


LOSS = 'extends = "icd"\nid = "own"\ntitle = "x"\n[[losses]]\ncontrol = "M15"\n'


def test_what_a_counter_measure_costs_is_the_users_to_change(tmp_path):
    (loss,) = load(tmp_path, LOSS + 'loss = 1\nnote = "Little is lost: the patient lives beside the clinic."\n').losses
    assert (loss.loss, loss.mark, loss.last_resort, loss.source) == (1.0, Mark.USER, True, "")


def test_a_loss_off_its_scale_and_one_that_says_nothing_are_refused(tmp_path):
    assert "must be 0 to 3, not 4" in complaint(tmp_path, LOSS + "loss = 4\n")
    assert "must say in its note what is lost" in complaint(tmp_path, LOSS + 'loss = 1\nnote = " "\n')
