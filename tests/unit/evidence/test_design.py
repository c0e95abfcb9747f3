"""The reader of declared designs: strict, bounded, and every complaint has its line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from asepsis.evidence.artefacts import parse
from asepsis.evidence.protocols.design_terms import FORMAT
from asepsis.evidence.read import read
from asepsis.evidence.reader import Flawed, Malformed, Sureness
from asepsis.evidence.readers.designs.design import DESIGN_BYTES, MOST_ENTRIES, DesignReader
from asepsis.findings.judge import judge
from asepsis.findings.rule import Context
from asepsis.guard.limits import STANDARD, LimitReached
from asepsis.knowledge.designs import example_design
from asepsis.knowledge.load import load
from asepsis.model.evidence import Cause, EvidenceKind
from asepsis.model.facts import Auth, Effect, Fact, RadioLink, SystemPart, UpdateMechanism, Zone
from tests.unit.evidence.reading import read_file, source_of

HEAD = f'format = "{FORMAT}"\n'
RADIO = """
[[radio]]
name = "telemetry"
band = "mics"
carries = ["therapy", "patient-data"]
"""


def facts(text: str) -> list[Fact]:
    return read_file(DesignReader(), text.encode(), "any name")


def complaint(text: str | bytes) -> tuple[list[Fact], Malformed]:
    """The facts that were read all the same, and how the reading ended."""
    found: list[Fact] = []
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Malformed) as caught:
        DesignReader().read(source_of(data, "design.toml"), found.append)
    return found, caught.value


def test_the_example_is_read_whole_and_every_fact_has_the_line_of_its_table():
    found, lines = facts(example_design()), example_design().splitlines()
    assert [type(fact).__name__ for fact in found] == ["RadioLink"] * 3 + ["SystemPart"] * 3 + ["UpdateMechanism"]
    assert {lines[fact.where.line - 1] for fact in found} == {"[[radio]]", "[[part]]", "[[update]]"}
    links = [fact for fact in found if isinstance(fact, RadioLink)]
    assert [(link.technology, link.zone, link.effect) for link in links] == [
        ("telemetry", Zone.RADIO_RANGE, Effect.COMMAND),
        ("telemetry", Zone.RADIO_RANGE, Effect.READING),
        ("wand", Zone.INDUCTIVE_RANGE, Effect.COMMAND),
    ]
    assert links[0].verified == ("authentication: penetration test 2026-03, report 17, case 4",)
    programmer, monitor, server = (fact for fact in found if isinstance(fact, SystemPart))
    assert (programmer.commands, programmer.zone, programmer.any_unit_obeyed, programmer.log_in) == (
        ("device",),
        Zone.RADIO_RANGE,
        False,
        Auth.PASSWORD,
    )
    assert (monitor.commands, server.commands, server.serves_many) == ((), ("home monitor",), True)


def test_what_is_left_out_is_not_known_and_never_no():
    (link,) = facts(HEAD + RADIO)
    assert isinstance(link, RadioLink)
    unknown = (link.encrypted, link.authenticated, link.replay_protected, link.proximity_to_open, link.wake_up_unlimited, link.session_limited)
    assert set(unknown) == {None}
    assert link.one_key_for_all is None
    assert link.patient_data


@pytest.mark.parametrize(
    ("word", "authenticated"),
    [("none", False), ("identifier", False), ("session-start", False), ("other-end", True), ("mutual", True)],
)
def test_a_serial_number_and_a_check_at_the_start_authenticate_no_message(word: str, authenticated: bool):
    (link,) = facts(HEAD + RADIO + f'authentication = "{word}"\n')
    assert isinstance(link, RadioLink)
    assert link.authenticated is authenticated


@pytest.mark.parametrize(("word", "encrypted"), [("none", False), ("unpublished", None), ("published", True)])
def test_a_scheme_of_ones_own_is_taken_for_nothing(word: str, encrypted: bool | None):
    (link,) = facts(HEAD + RADIO + f'encryption = "{word}"\n')
    assert isinstance(link, RadioLink)
    assert link.encrypted is encrypted


def test_an_update_over_a_radio_is_reached_from_its_range_and_another_from_where_it_says():
    text = HEAD + RADIO + '[[update]]\nname = "a"\nover = "telemetry"\nsigned = false\n[[update]]\nname = "b"\nzone = "touch"\n'
    updates = [fact for fact in facts(text) if isinstance(fact, UpdateMechanism)]
    assert [(one.zone, one.signature_checked) for one in updates] == [(Zone.RADIO_RANGE, False), (Zone.TOUCH, None)]


WRONG = {
    "an unknown key": (RADIO + 'pairing = "none"', "line 6: radio 'telemetry': pairing: no such key"),
    "a near word": (
        RADIO + 'encryption = "publishd"',
        "line 6: radio 'telemetry': encryption: no such encryption: 'publishd'; did you mean published",
    ),
    "a word where a list must be": (RADIO + 'parts = "programmer"', "line 6: radio 'telemetry': parts: Expected `array`"),
    "a text where a boolean must be": (RADIO + 'replay_protection = "yes"', "line 6: radio 'telemetry': replay_protection: Expected `bool | null`"),
    "a missing key": ('[[radio]]\nname = "x"\nband = "nfc"', "line 2: radio 'x': carries: missing"),
    "no table": ("radio = 7", "line 2: radio: must be tables"),
    "an unknown table": ("[[radios]]\nname = 'x'", "line 2: radios: no such key or table; did you mean radio?"),
    "authentication without a key": (
        RADIO + 'authentication = "mutual"\nkey = "none"',
        "line 7: radio 'telemetry': key: authentication is mutual, which",
    ),
    "encryption without a key": (RADIO + 'encryption = "published"\nkey = "none"', "line 7: radio 'telemetry': key: encryption is published, which"),
    "a wand across the room": (RADIO.replace("mics", "inductive") + "range_metres = 5", "range_metres: no inductive link reaches 5 m"),
    "a range that is no number": (RADIO + "range_metres = nan", "range_metres: no mics link reaches nan m"),
    "nothing carried": (RADIO.replace('"therapy", "patient-data"', ""), "line 5: radio 'telemetry': carries: names nothing"),
    "an unknown other end": (RADIO + 'parts = ["nobody"]', "line 6: radio 'telemetry': parts: there is no part named 'nobody'"),
    "verified and not stated": (RADIO + '[radio.verified]\nkey = "report"', "line 6: radio 'telemetry': verified: 'key' is called verified, and is"),
    "verified by nothing": (
        RADIO + 'key = "per-pair"\n[radio.verified]\nkey = " "',
        "line 7: radio 'telemetry': verified: 'key' is called verified by",
    ),
    "two of one name": (RADIO + RADIO, "line 8: radio 'telemetry': name: is the name of another one"),
    "a command to nobody": ('[[part]]\nname = "p"\nkind = "phone"\ncommands = ["q"]', "line 5: part 'p': commands: there is no other part named 'q'"),
    "a command to itself": ('[[part]]\nname = "p"\nkind = "phone"\ncommands = ["p"]', "line 5: part 'p': commands: there is no other part named 'p'"),
    "a part over no radio": ('[[part]]\nname = "p"\nkind = "phone"\nover = "x"', "line 5: part 'p': over: there is no radio named 'x'"),
    "any unit of what commands nothing": (
        '[[part]]\nname = "p"\nkind = "phone"\nany_unit_obeyed = true',
        "line 5: part 'p': any_unit_obeyed: needs over",
    ),
    "a part that is the device": ('[[part]]\nname = "device"\nkind = "phone"', "line 3: part 'device': name: 'device' is the device itself"),
    "a part called this": (
        '[[part]]\nname = "this"\nkind = "phone"',
        "line 3: part 'this': name: 'this' is the device itself",
    ),
    "an update from nowhere": ('[[update]]\nname = "u"', "line 2: update 'u': over: say either over (a radio) or zone"),
    "a name without end": (RADIO.replace("telemetry", "x" * 121), "name: must have 1 to 120 characters"),
    "no name": (RADIO.replace("telemetry", ""), "name: must have 1 to 120 characters"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_line_and_the_other_entries_are_read(name: str):
    text, said = WRONG[name]
    other = '\n[[radio]]\nname = "other"\nband = "nfc"\ncarries = ["settings"]\n' if not text.startswith("radio =") else ""
    found, error = complaint(HEAD + text.lstrip("\n") + other)
    assert isinstance(error, Flawed)
    assert said in error.what
    assert [fact.technology for fact in found if isinstance(fact, RadioLink)][-1:] == (["other"] if other else [])


def test_the_first_line_that_is_wrong_is_the_place_and_no_more_than_five_are_told():
    found, error = complaint(HEAD + "".join(f'[[radio]]\nname = "{n}"\nband = "fm"\ncarries = []\n' for n in range(9)))
    assert found == []
    assert error.line == 4
    assert error.what.startswith("9 things wrong, each entry with one was left out: line 4: radio '0': band: no such band: 'fm'")
    assert error.what.endswith("; and 4 more")


def test_another_version_of_the_format_is_told_and_what_is_understood_is_read():
    found, error = complaint('format = "asepsis-design-9"\n' + RADIO)
    assert "format: this version reads asepsis-design-1, not asepsis-design-9" in error.what
    assert len(found) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (HEAD.encode() + b"[[radio]\n", "not TOML"),
        (HEAD.encode() + b"x = " + b"[" * 100_000, "nested too deeply"),
        (HEAD.encode() + b"x = " + b"9" * 10_000, "not TOML"),
        (HEAD.encode() + b"x = '\xff'", "not UTF-8"),
        (HEAD.encode() + RADIO.encode()[:-9], "not TOML"),
        (HEAD.encode() + b"x = 1\nx = 2", "not TOML"),
    ],
    ids=["broken", "deep", "endless number", "bytes", "cut short", "twice"],
)
def test_what_is_no_toml_is_malformed_and_gives_nothing(data: bytes, said: str):
    found, error = complaint(data)
    assert found == []
    assert said in error.what
    assert not isinstance(error, Flawed)


def test_a_design_as_long_as_a_book_is_not_parsed():
    with pytest.raises(LimitReached):
        DesignReader().read(source_of(HEAD.encode() + b"#" * DESIGN_BYTES, "design.toml"), lambda fact: pytest.fail(str(fact)))


def test_more_entries_than_any_system_has_are_cut_and_told():
    found, error = complaint(HEAD + "".join(f'[[update]]\nname = "{n}"\nzone = "touch"\n' for n in range(MOST_ENTRIES + 2)))
    assert len(found) == MOST_ENTRIES
    assert f"line {2 + 3 * MOST_ENTRIES}: update: more than {MOST_ENTRIES}; those after were not read" in error.what


def test_a_header_in_a_long_text_is_no_header():
    (link,) = facts(HEAD + "note = '''\n[[radio]]\nname = 1\n'''\n" + RADIO)
    assert link.where.line == 7


def test_control_characters_do_not_reach_a_complaint():
    _, error = complaint(HEAD + '[[radio]]\nname = "a\\u001b[31m"\nband = "nfc"\ncarries = ["x\\u0007"]\n')
    assert re.search(r"[\x00-\x1f]", error.what) is None


@pytest.mark.parametrize("text", ["\ufeff" + HEAD, "# a comment\n" + HEAD, "format='asepsis-design-1'\n"])
def test_it_is_known_by_its_first_key_whatever_it_is_called(tmp_path: Path, text: str):
    (tmp_path / "x.bin").write_text(text)
    assert parse(str(tmp_path / "x.bin")).kind is EvidenceKind.DESIGN
    assert DesignReader().recognises("x.bin", text.encode()) is Sureness.YES


def test_other_toml_and_a_file_with_zero_bytes_are_not_designs():
    assert DesignReader().recognises("pyproject.toml", b"[project]\nname = 'x'\n") is Sureness.NO
    assert DesignReader().recognises("x", HEAD.encode() + b"\0") is Sureness.NO


def reading(path: Path, *more: str):
    return read([f"design:{path}", *more], limits=STANDARD, digest_key=None, notice=lambda _text: None)


def test_a_design_alone_leaves_every_rule_open_because_nobody_looked_at_the_device(tmp_path: Path):
    (tmp_path / "d.toml").write_text(example_design())
    result = reading(tmp_path / "d.toml")
    answers = judge(result, Context(load(), date(2026, 11, 23)))
    assert (answers.findings, answers.not_found) == ((), ())
    reasons = {one.rule: one.reason for one in answers.not_assessed}
    assert reasons["radio_link_unprotected"] == "only the declared design was asked, and nobody compared that with the device"
    assert result.coverage.complete


def test_a_design_without_a_radio_does_not_show_that_there_is_none(tmp_path: Path):
    (tmp_path / "d.toml").write_text(HEAD + '[[update]]\nname = "u"\nzone = "touch"\nsigned = true\n')
    looked = {entry.kind: entry for entry in reading(tmp_path / "d.toml").looked_for}
    assert (looked["RadioLink"].looked, looked["RadioLink"].reason) == (
        False,
        "the declared design names none, which does not show that the device has none",
    )
    assert (looked["UpdateMechanism"].looked, looked["Service"].looked) == (True, False)


def test_what_is_given_as_a_design_and_is_none_is_a_problem(tmp_path: Path):
    (tmp_path / "d.toml").write_text("title = 'a letter'\n")
    result = reading(tmp_path / "d.toml")
    assert [(one.cause, one.what) for one in result.problems] == [(Cause.BROKEN_INPUT, "is no declared design in a format that this version knows")]
