"""Grounding is complete: every instance of every move is there, checked against a slow grounder that shares nothing with the library's."""

from __future__ import annotations

from itertools import product

import pytest
from clingo import ast
from hypothesis import given, settings
from hypothesis import strategies as st

from asepsis.attack_paths.ground import ground
from asepsis.attack_paths.move import DERIVED, moves
from asepsis.model.claim import VOCABULARY, Claim
from tests.cases.attack_paths.worlds import claims


def slow_rules(world):
    """All ground instances as (head, body, move), by trying every binding until nothing new is derived. Atoms are predicate and arguments."""
    stated = {(claim.predicate, claim.args) for claim in world}
    derived = set()
    found = set()
    while True:
        known = stated | derived
        for move in moves():
            for rule in move.rules:
                head, literals = _parsed(rule.text)
                for binding, body in _bindings(literals, known, {}):
                    found.add((_filled(head, binding), frozenset(body), move.id))
        heads = {head for head, _, _ in found}
        if heads <= derived:
            return found
        derived |= heads


def _parsed(text):
    nodes = []
    ast.parse_string(text, nodes.append)
    rule = nodes[-1]
    return _atom(rule.head.atom.symbol), [_literal(literal.atom) for literal in rule.body]


def _atom(symbol):
    return ("atom", symbol.name, [_term(term) for term in symbol.arguments])


def _term(term):
    return ("var", term.name) if term.ast_type == ast.ASTType.Variable else ("text", term.symbol.string)


def _literal(atom):
    if atom.ast_type == ast.ASTType.SymbolicAtom:
        return _atom(atom.symbol)
    (guard,) = atom.guards
    right = guard.term
    options = [_term(term) for term in right.arguments] if right.ast_type == ast.ASTType.Pool else [_term(right)]
    return ("equal" if guard.comparison == ast.ComparisonOperator.Equal else "differs", _term(atom.term), options)


def _value(term, binding):
    return binding.get(term[1]) if term[0] == "var" else term[1]


def _filled(atom, binding):
    return (atom[1], tuple(_value(term, binding) for term in atom[2]))


def _bindings(literals, known, binding, body=()):
    """Atoms first, then equalities, then inequalities: every variable is bound by then."""
    if not literals:
        yield binding, body
        return
    rest = sorted(literals, key=lambda literal: list(_STEPS).index(literal[0]))
    for wider, atoms in _STEPS[rest[0][0]](rest[0][1], rest[0][2], known, binding):
        yield from _bindings(rest[1:], known, wider, (*body, *atoms))


def _by_atom(name, terms, known, binding):
    for predicate, args in known:
        if predicate == name and (wider := _unified(terms, args, binding)) is not None:
            yield wider, ((predicate, args),)


def _by_equality(left, options, known, binding):
    for value in (_value(term, binding) for term in options):
        if _value(left, binding) in {None, value}:
            yield {**binding, left[1]: value}, ()


def _by_difference(left, options, known, binding):
    if _value(left, binding) not in {_value(term, binding) for term in options}:
        yield binding, ()


_STEPS = {"atom": _by_atom, "equal": _by_equality, "differs": _by_difference}


def _unified(terms, args, binding):
    binding = dict(binding)
    for term, arg in zip(terms, args, strict=True):
        if term[0] == "text":
            if term[1] != arg:
                return None
        elif binding.setdefault(term[1], arg) != arg:
            return None
    return binding


def fast_rules(world):
    graph = ground(world)
    atoms = {**{index: (claim.predicate, claim.args) for index, claim in graph.leaves.items()}, **graph.derived}
    return {(atoms[step.head], frozenset(atoms[atom] for atom in step.body), step.move) for step in graph.steps}


def test_two_services_that_take_one_password_are_two_ways():
    world = claims(
        "starts(device_network)", "attached(d, device_network)", "secret(d, s1, login, public)",
        "accepts(d, s1, ssh)", "service(d, ssh, device_network, password)", "service_gives(d, ssh, control)",
        "accepts(d, s1, ftp)", "service(d, ftp, device_network, password)", "service_gives(d, ftp, control)",
    )  # fmt: skip
    steps = [step for step in ground(world).steps if step.move == "use-secret"]
    assert len(steps) == 2
    assert fast_rules(world) == slow_rules(world)


WORDS = {
    "device": ("d", "e"), "other": ("d", "e"), "secret": ("s1", "s2"), "thing": ("s1", "disk"), "service": ("ssh", "hl7"), "flow": ("orders",),
    "zone": ("touch", "device_network", "hospital_network", "second_hand_unit", "internet", "wifi_range"),
    "kind": ("wifi", "login", "key"), "form": ("cleartext", "public", "hashed", "empty"), "auth": ("none", "password"),
    "gives": ("control", "command", "stop"), "effect": ("command", "stop"), "route": ("order", "control"), "level": ("5",),
    "weakness": ("CVE-1",), "component": ("linux",), "mechanism": ("usb",), "protection": ("ClamAV",), "store": ("disk",), "function": ("set-dose",),
}  # fmt: skip


@st.composite
def some_claim(draw):
    predicate = draw(st.sampled_from(sorted(VOCABULARY)))
    return Claim(predicate, tuple(draw(st.sampled_from(WORDS[name])) for name in VOCABULARY[predicate]))


@settings(max_examples=40, deadline=None)
@given(st.lists(some_claim(), min_size=5, max_size=40))
def test_every_instance_of_every_move_is_there_and_no_other(world):
    assert fast_rules(world) == slow_rules(set(world))


@pytest.mark.parametrize("device_count", [1, 3])
def test_a_full_world_is_grounded_completely(device_count):
    names = [f"d{number}" for number in range(device_count)]
    world = claims(
        "starts(touch)",
        "starts(internet)",
        "starts(hospital_network)",
        "leads_to(hospital_network, device_network)",
        "opens_network(w, device_network)",
    )
    for device, zone in product(names, ("touch", "device_network")):
        world += claims(f"attached({device}, {zone})", f"service({device}, telnet, {zone}, none)", f"service({device}, ssh, {zone}, password)")
        world += claims(f"vulnerable({device}, CVE-1, {zone}, control)", f"vulnerable({device}, CVE-2, {zone}, control)")
    for device in names:
        world += claims(f"secret({device}, w, wifi, cleartext)", f"secret({device}, s, login, public)", f"accepts({device}, s, ssh)")
        world += claims(f"service_gives({device}, ssh, control)", f"service_gives({device}, telnet, control)")
        world += claims(f"harms({device}, set-dose, command, 5)", f"unguarded({device}, set-dose, command, control)")
    assert fast_rules(world) == slow_rules(world)


def test_what_moves_derive_is_no_word_of_the_vocabulary():
    assert not set(DERIVED) & set(VOCABULARY)
