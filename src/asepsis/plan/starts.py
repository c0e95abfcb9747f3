"""For whom a harm can be stopped, where it cannot be stopped for everybody.

A hospital cannot close a console that asks for nothing, short of replacing the device; it can still close every way from the network. So the
graph is copied once for each starting place, with that place alone, and a harm in a copy is a goal of its own. The claims are the
same in all copies: a control takes a claim away from all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from asepsis.model.attack import AttackGraph, Step
from asepsis.plan.horn import derivable

MOST_RULES = 300_000
"""Rules of all copies together; a larger graph (a whole hospital's) is planned for everybody at once only."""

STARTS = "starts"


@dataclass(frozen=True, slots=True)
class Worlds:
    """The graph and its copies. Copy 0 is the graph itself, with its own numbers; ``places`` are the starting places of the others, in order."""

    graph: AttackGraph
    places: tuple[str, ...]
    size: int

    def copies_of(self, goal: int) -> list[tuple[int, str]]:
        """The goal in each copy, with the copy's starting place."""
        return [(goal + number * self.size, place) for number, place in enumerate(self.places, 1)]


def by_start(graph: AttackGraph) -> Worlds:
    """One copy for each starting place; none if there are no places or the copies would be too many."""
    size = len(graph.atoms)
    starts = sorted((claim.args[0], leaf) for leaf, claim in graph.leaves.items() if claim.predicate == STARTS)
    if len(starts) * len(graph.steps) > MOST_RULES:
        starts = []
    shifts = [number * size for number in range(1, len(starts) + 1)]
    others = {leaf for _, leaf in starts}
    leaves = dict(graph.leaves)
    for shift, (_, own) in zip(shifts, starts, strict=True):
        leaves.update({leaf + shift: claim for leaf, claim in graph.leaves.items() if leaf == own or leaf not in others})
    steps = [*graph.steps, *(_moved(step, shift) for shift in shifts for step in graph.steps)]
    copied = replace(graph, atoms=graph.atoms * (len(starts) + 1), leaves=leaves, steps=tuple(steps))
    return Worlds(copied, tuple(place for place, _ in starts), size)


def _moved(step: Step, shift: int) -> Step:
    return Step(step.head + shift, tuple(atom + shift for atom in step.body), step.move)


def closable(worlds: Worlds, goals: Sequence[int], taken: Collection[int]) -> list[int]:
    """The copies of ``goals`` that are within reach from their one place, and no longer when the leaves in ``taken`` are gone."""
    before, after = derivable(worlds.graph), derivable(worlds.graph, without=taken)
    return [atom for goal in goals for atom, _ in worlds.copies_of(goal) if before[atom] and not after[atom]]


def open_from(worlds: Worlds, goal: int, after: bytearray) -> list[str]:
    """The places from which ``goal`` stays within reach; ``after`` is what can be derived in all copies once the plan is done."""
    return [place for atom, place in worlds.copies_of(goal) if after[atom]]
