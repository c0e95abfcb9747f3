"""Every move keeps the contract: on the list, readable, in words that are known, and with cases that it must pass."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

import pytest

from asepsis.attack_paths.ground import ground
from asepsis.attack_paths.move import FOLDER, ROLES, MoveError, check_words, moves, parse
from asepsis.attack_paths.moves import MOVES
from asepsis.model.claim import VOCABULARY
from tests.cases.attack_paths.worlds import MOVE_CASES, claims


def _cases(kind):
    tables = {move_id: tomllib.loads((MOVE_CASES / f"{move_id}.toml").read_text("utf-8")) for move_id in MOVES}
    return [pytest.param(move_id, case, id=f"{move_id}: {case['when']}") for move_id, table in tables.items() for case in table[kind]]


def test_the_list_names_exactly_the_files_of_the_folder():
    assert len(MOVES) == len(set(MOVES))
    assert set(MOVES) == {path.stem for path in FOLDER.glob("*.lp")}


def test_every_move_has_cases_and_no_case_lacks_its_move():
    assert {path.stem for path in MOVE_CASES.glob("*.toml")} == set(MOVES)


@pytest.mark.parametrize(("move_id", "case"), _cases("fires"))
def test_a_move_fires(move_id, case):
    graph = ground(claims(*case["claims"]))
    assert case["then"] in {graph.atoms[step.head] for step in graph.steps if step.move == move_id}


@pytest.mark.parametrize(("move_id", "case"), _cases("silent"))
def test_a_move_stays_silent(move_id, case):
    graph = ground(claims(*case["claims"]))
    assert case["never"] not in {graph.atoms[step.head] for step in graph.steps if step.move == move_id}


@pytest.mark.parametrize("move", moves(), ids=lambda move: move.id)
def test_a_sentence_uses_only_names_that_every_rule_of_its_move_binds(move):
    named = set(re.findall(r"\{(\w+)\}", move.sentence)) - {"gives", "harm"}
    for rule in move.rules:
        bound = {name for atom in (rule.head, *rule.body) for name in ROLES[atom.predicate]}
        assert named <= bound


@pytest.mark.parametrize("move", [move for move in moves() if not move.silent], ids=lambda move: move.id)
def test_a_step_that_is_told_is_a_sentence_with_a_technique(move):
    assert re.fullmatch(r"T0\d{3}", move.technique)
    assert move.sentence.endswith((".", "{harm}"))
    assert move.vector or "{harm}" in move.sentence


def test_every_word_of_the_vocabulary_that_can_lead_to_harm_is_used_by_a_move():
    used = {atom.predicate for move in moves() for rule in move.rules for atom in rule.body}
    assert set(VOCABULARY) - used == {"serves_many", "reaches_many"}, "these two only say that a path hurts many"


HEADER = "%! id: x\n%! title: X\n%! silent: yes\n"


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("reach(Z) :- starts(_).", "name"),
        ("reach(Z) :- starts(Z), not attached(Z, Z).", "plain atom"),
        ("reach(touch).", "body"),
        ("{ reach(Z) } :- starts(Z).", "plain"),
        ("reach(Z) :- starts(Z), #count { D : attached(D, Z) } > 1.", "plain atom"),
        ("reach(Z) :- starts(Z), attached(D, Z) : starts(D).", "atoms and comparisons"),
        ("reach(Z) :- starts(Z", "not a logic program"),
    ],
)
def test_a_rule_that_is_no_plain_horn_rule_is_refused(rule, complaint):
    with pytest.raises(MoveError, match=complaint):
        parse("x", HEADER + rule)


@pytest.mark.parametrize("rule", ["reach(Z) :- begins(Z).", "reach(Z) :- starts(Z, Z).", "starts(Z) :- reach(Z).", "reach(Z) :- owns(Z)."])
def test_words_that_nobody_states_or_derives_are_refused(rule):
    with pytest.raises(MoveError):
        check_words((*moves(), parse("x", HEADER + rule)))


@pytest.mark.parametrize(
    "header", ["%! id: y\n%! title: X\n%! silent: yes\n", "%! id: x\n%! silent: yes\n", "%! id: x\n%! title: X\n", HEADER + "%! colour: red\n"]
)
def test_a_wrong_header_is_refused(header):
    with pytest.raises(MoveError):
        parse("x", header + "reach(Z) :- starts(Z).")


def test_a_derived_word_needs_a_move_that_derives_it():
    without = tuple(replace(move, rules=tuple(rule for rule in move.rules if rule.head.predicate != "control")) for move in moves())
    with pytest.raises(MoveError, match="control"):
        check_words(without)
