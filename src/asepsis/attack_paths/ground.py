"""From claims to the attack graph: clingo instantiates the moves, an observer reads the ground rules back.

Claims enter as external atoms: the grounder must not take them for certain, or it would leave them out of the rules and nobody could see
what a step rests on. Text that came from a device is handed over as string symbols and never becomes program text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from asepsis.attack_paths.move import DERIVED, LABEL, Move, moves
from asepsis.model.attack import AttackGraph, HarmNode, Step
from asepsis.model.claim import Claim
from asepsis.model.facts import Effect

Key = tuple[str, tuple[str, ...]]
"""An atom as predicate and arguments."""


def ground(claims: Iterable[Claim], using: Sequence[Move] | None = None) -> AttackGraph:
    """The attack graph of all ``claims``, of one device or of a whole ward. Same claims in any order, same graph.

    ``using`` replaces the shipped moves. Atoms are numbered claims first, each part sorted; steps are sorted by head, body and move.
    """
    leaves = sorted(set(claims))
    keys, rules = _instantiate(leaves, tuple(moves() if using is None else using))
    return _graph(leaves, keys, rules)


def _instantiate(leaves: Sequence[Claim], using: tuple[Move, ...]) -> tuple[dict[int, Key], list[tuple[int, tuple[int, ...], str]]]:
    """Ground. Gives the derived atoms by the grounder's number, and the rules; leaf *i* is numbered ``-1 - i`` in both."""
    import clingo

    observed: list[tuple[Any, Any]] = []

    class Watch(clingo.Observer):
        """Collects ground rules; does nothing else, for it is called once for each."""

        def rule(self, choice: bool, head: Sequence[int], body: Sequence[int]) -> None:  # noqa: ARG002 - the library's signature
            observed.append((head[0], body))

    control = clingo.Control(["--warn=none"])
    control.register_observer(Watch())
    strings: dict[str, Any] = {}

    def symbol(predicate: str, args: Iterable[str]) -> Any:
        return clingo.Function(predicate, [strings.get(arg) or strings.setdefault(arg, clingo.String(_plain(arg))) for arg in args])

    own: dict[int, int] = {}
    labels: dict[int, str] = {}
    with control.backend() as backend:
        for index, leaf in enumerate(leaves):
            atom = backend.add_atom(symbol(leaf.predicate, leaf.args))
            backend.add_external(atom)
            own[atom] = -1 - index
        for move in using:
            atom = backend.add_atom(symbol(LABEL, (move.id,)))
            backend.add_external(atom)
            labels[atom] = move.id
    control.add("base", [], _program(using))
    control.ground([("base", [])])
    keys = {
        atom.literal: (predicate, tuple(_restored(arg.string) for arg in atom.symbol.arguments))
        for predicate, names in DERIVED.items()
        for atom in control.symbolic_atoms.by_signature(predicate, len(names))
    }
    rules = [
        (head, tuple(own.get(atom, atom) for atom in body if atom not in labels), next(labels[atom] for atom in body if atom in labels))
        for head, body in observed
    ]
    return keys, rules


@cache
def _program(using: tuple[Move, ...]) -> str:
    """All rules, each with its move's label as one more condition."""
    return "\n".join(f'{rule.text.removesuffix(".")}, {LABEL}("{move.id}").' for move in using for rule in move.rules)


def _graph(leaves: Sequence[Claim], keys: dict[int, Key], rules: list[tuple[int, tuple[int, ...], str]]) -> AttackGraph:
    derived = sorted(keys.items(), key=lambda item: item[1])
    index = {number: len(leaves) + place for place, (number, _) in enumerate(derived)}
    index.update((-1 - place, place) for place in range(len(leaves)))
    steps = sorted({(index[head], tuple(sorted({index[atom] for atom in body})), move) for head, body, move in rules})
    harms = [HarmNode(index[number], args[0], args[1], Effect(args[2]), int(args[3])) for number, (predicate, args) in derived if predicate == "harm"]
    return AttackGraph(
        atoms=(*map(str, leaves), *(f"{predicate}({', '.join(args)})" for _, (predicate, args) in derived)),
        leaves=dict(enumerate(leaves)),
        steps=tuple(Step(*step) for step in steps),
        harms=tuple(sorted(harms, key=lambda harm: (-harm.level, harm.device, harm.function, harm.effect))),
        derived={index[number]: key for number, key in derived},
    )


def _plain(text: str) -> str:
    """Text as the grounder can hold it: no NUL (it ends a C string), no half of a surrogate pair. Different texts stay different."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return text.encode("unicode_escape").decode("ascii")


def _restored(text: str) -> str:
    return text.encode("ascii").decode("unicode_escape") if "\\" in text else text
