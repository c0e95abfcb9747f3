"""From claims to the attack graph: clingo instantiates the moves, an observer reads the ground rules back.

Claims enter as external atoms: the grounder must not take them for certain, or it would leave them out of the rules and nobody could see
what a step rests on. Text that came from a device is handed over as string symbols and never becomes program text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from asepsis.attack_paths.move import DERIVED, LABEL, Move, moves
from asepsis.model.attack import AttackGraph, HarmNode, Step
from asepsis.model.claim import VOCABULARY, Claim
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
    control.add("base", [], _program(using))
    control.ground([("base", [])], context=_given(leaves, using))
    numbers = {(leaf.predicate, tuple(map(_plain, leaf.args))): -1 - index for index, leaf in enumerate(leaves)}
    own = {literal: numbers[key] for name, arity in _stated().items() for literal, key in _atoms(control, name, arity)}
    labels = {literal: args[0] for literal, (_, args) in _atoms(control, LABEL, 1)}
    keys = {
        literal: (name, tuple(map(_restored, args))) for name, names in DERIVED.items() for literal, (_, args) in _atoms(control, name, len(names))
    }
    rules = [
        (head, tuple(own.get(atom, atom) for atom in body if atom not in labels), next(labels[atom] for atom in body if atom in labels))
        for head, body in observed
    ]
    return keys, rules


def _given(leaves: Iterable[Claim], using: Iterable[Move]) -> Any:
    """What the program asks for by ``@name()``: the rows of each stated predicate, as tuples of string symbols."""
    import clingo

    strings: dict[str, Any] = {}

    def row(args: Iterable[str]) -> Any:
        return clingo.Tuple_([strings.get(arg) or strings.setdefault(arg, clingo.String(_plain(arg))) for arg in args])

    rows: defaultdict[str, list[Any]] = defaultdict(list)
    for leaf in leaves:
        rows[leaf.predicate].append(row(leaf.args))
    rows[LABEL] = [row((move.id,)) for move in using]
    return SimpleNamespace(**{name: partial(rows.__getitem__, name) for name in (*_stated(), LABEL)})


def _stated() -> dict[str, int]:
    """Predicates that come from outside → number of arguments."""
    return {name: len(names) for name, names in VOCABULARY.items()}


def _atoms(control: Any, name: str, arity: int) -> Iterator[tuple[int, Key]]:
    """The grounder's atoms of one predicate: number, and predicate with arguments as it holds them."""
    for atom in control.symbolic_atoms.by_signature(name, arity):
        yield atom.literal, (name, tuple(arg.string for arg in atom.symbol.arguments))


@cache
def _program(using: tuple[Move, ...]) -> str:
    """The claims as externals, then all rules, each with its move's label as one more condition.

    The externals are declared in the program. Handed in through the library's backend instead, the grounder keeps only one of several
    instances of a rule that share a head, and so loses ways to it (seen with clingo 5.8.3).
    """
    given = [_external(name, arity) for name, arity in (*_stated().items(), (LABEL, 1))]
    rules = [f'{rule.text.removesuffix(".")}, {LABEL}("{move.id}").' for move in using for rule in move.rules]
    return "\n".join(given + rules)


def _external(name: str, arity: int) -> str:
    names = [f"A{index}" for index in range(arity)]
    return f"#external {name}({','.join(names)}) : ({','.join(names)},) = @{name}()."


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
