"""Forward chaining over the ground rules: what can be derived. Written apart from the solver, so that it can check the solver."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from asepsis.model.attack import AttackGraph


def derivable(graph: AttackGraph, without: Collection[int] = ()) -> bytearray:
    """For each atom 1 if it holds when the leaves in ``without`` are gone, else 0: the least model of the Horn rules."""
    users: list[list[int]] = [[] for _ in graph.atoms]
    missing = [len(step.body) for step in graph.steps]
    for index, step in enumerate(graph.steps):
        for atom in step.body:
            users[atom].append(index)
    holds = bytearray(len(graph.atoms))
    todo = [step.head for step in graph.steps if not step.body]
    gone = frozenset(without)
    todo.extend(leaf for leaf in graph.leaves if leaf not in gone)
    while todo:
        atom = todo.pop()
        if holds[atom]:
            continue
        holds[atom] = 1
        for index in users[atom]:
            missing[index] -= 1
            if missing[index] == 0:
                todo.append(graph.steps[index].head)
    return holds


def backward(graph: AttackGraph, goals: Iterable[int]) -> bytearray:
    """For each atom 1 if it can play a part in deriving a goal, else 0."""
    makers: list[list[int]] = [[] for _ in graph.atoms]
    for index, step in enumerate(graph.steps):
        makers[step.head].append(index)
    todo = list(goals)
    seen = bytearray(len(graph.atoms))
    for atom in todo:  # grows while it is read
        if seen[atom]:
            continue
        seen[atom] = 1
        for index in makers[atom]:
            todo.extend(body for body in graph.steps[index].body if not seen[body])
    return seen
