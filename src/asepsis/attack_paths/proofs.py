"""The few cheapest derivations of each harm in an AND/OR graph.

A proof is a set of ground steps in which every derived atom has exactly one step and none rests on itself. Knuth's generalisation of
Dijkstra's algorithm, with up to ``keep`` proofs an atom (after Huang and Chiang's k-best parsing); a proof that needs all claims of a
cheaper one and more is dropped, which also keeps out every detour that comes back to where it was.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import product

from asepsis.model.attack import AttackGraph

KEEP = 24
"""Proofs kept for an atom while searching."""

ALIKE = 3
"""Of these, proofs made of the very same moves (only the secret or service differs)."""

MOST_TRIALS = 300_000
"""Combinations tried before the search is content: the cheapest proof of each harm is found in any case."""


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """``steps`` are indexes into the graph's steps, sorted; ``cost`` the sum of their weights, each counted once."""

    cost: int
    steps: tuple[int, ...]


@dataclass(slots=True)
class _Search:
    """The working state: what is needed for the goals, and the proofs accepted so far."""

    graph: AttackGraph
    weights: Sequence[int]
    derived: dict[int, tuple[int, ...]]
    users: dict[int, list[int]]
    keep: int
    most: int | None
    heap: list[tuple[int, tuple[int, ...], int]] = field(default_factory=list)
    accepted: defaultdict[int, list[Proof]] = field(default_factory=lambda: defaultdict(list))
    claims: defaultdict[int, list[frozenset[int]]] = field(default_factory=lambda: defaultdict(list))
    made_of: defaultdict[tuple[int, tuple[str, ...]], int] = field(default_factory=lambda: defaultdict(int))
    queued: set[tuple[int, ...]] = field(default_factory=set)
    trials: int = 0

    @property
    def tired(self) -> bool:
        """Whether enough was tried."""
        return self.most is not None and self.trials >= self.most


def best_proofs(graph: AttackGraph, goals: Collection[int], weights: Sequence[int]) -> dict[int, tuple[Proof, ...]]:
    """Up to ``KEEP`` proofs of each goal, cheapest first. Every derivable goal gets at least its cheapest, however much there is to try.

    ``weights[i]`` is the cost of step *i*, at least 0. Goals that cannot be derived are left out.
    """
    cheapest = _searched(graph, goals, weights, keep=1, trials=None)
    several = _searched(graph, goals, weights, keep=KEEP, trials=MOST_TRIALS)
    found = {}
    for goal, (first, *_) in cheapest.items():
        more = several.get(goal, ())
        found[goal] = more if more and more[0].cost <= first.cost else (first, *more)[:KEEP]
    return found


def _searched(graph: AttackGraph, goals: Collection[int], weights: Sequence[int], keep: int, trials: int | None) -> dict[int, tuple[Proof, ...]]:
    """Up to ``keep`` proofs of each goal, as far as ``trials`` combinations lead (None: all; with one proof an atom they are as many as steps)."""
    derived = {step: tuple(atom for atom in graph.steps[step].body if atom not in graph.leaves) for step in _needed(graph, goals)}
    users: dict[int, list[int]] = defaultdict(list)
    for step, atoms in derived.items():
        for atom in atoms:
            users[atom].append(step)
    search = _Search(graph, weights, derived, users, keep, trials)
    _run(search, goals)
    return {goal: tuple(search.accepted[goal]) for goal in sorted(goals) if search.accepted[goal]}


def in_order(graph: AttackGraph, proof: Proof, goal: int) -> tuple[int, ...]:
    """The proof's steps, each after those it rests on; what yields a secret comes before what yields a place."""
    by_head = {graph.steps[step].head: step for step in proof.steps}
    ordered: list[int] = []
    todo = [(goal, False)]
    seen: set[int] = set()
    while todo:
        atom, ready = todo.pop()
        if ready:
            ordered.append(by_head[atom])
        elif atom in by_head and atom not in seen:
            seen.add(atom)
            todo.append((atom, True))
            body = sorted(graph.steps[by_head[atom]].body, key=lambda other: (not graph.atoms[other].startswith("has("), other))
            todo.extend((other, False) for other in reversed(body))
    return tuple(ordered)


def _needed(graph: AttackGraph, goals: Collection[int]) -> list[int]:
    """The steps that can play a part in deriving a goal, sorted."""
    makers: dict[int, list[int]] = defaultdict(list)
    for index, step in enumerate(graph.steps):
        makers[step.head].append(index)
    todo, seen, needed = list(goals), set(goals), []
    while todo:
        for index in makers[todo.pop()]:
            needed.append(index)
            fresh = [atom for atom in graph.steps[index].body if atom not in seen and atom not in graph.leaves]
            seen.update(fresh)
            todo.extend(fresh)
    return sorted(needed)


def _run(search: _Search, goals: Collection[int]) -> None:
    for step, atoms in search.derived.items():
        if not atoms:
            _offer(search, step, frozenset())
    full = 0
    while search.heap and full < len(goals) and not search.tired:
        cost, steps, head = heapq.heappop(search.heap)
        proof = Proof(cost, steps)
        if not _accept(search, head, proof):
            continue
        full += head in goals and len(search.accepted[head]) == search.keep
        for step in search.users.get(head, ()):
            _combine(search, step, head, proof)


def _offer(search: _Search, step: int, below: frozenset[int]) -> None:
    """Queue the proof that is ``below`` plus ``step``, if it is one."""
    search.trials += 1
    steps = search.graph.steps
    heads = {steps[other].head for other in below}
    if len(heads) < len(below) or steps[step].head in heads:
        return
    together = tuple(sorted(below | {step}))
    if together not in search.queued:
        search.queued.add(together)
        heapq.heappush(search.heap, (sum(search.weights[other] for other in together), together, steps[step].head))


def _accept(search: _Search, head: int, proof: Proof) -> bool:
    """Keep the proof unless its atom has enough, enough of this kind, or one that needs less."""
    made_of = (head, tuple(sorted(search.graph.steps[step].move for step in proof.steps)))
    if len(search.accepted[head]) >= search.keep or search.made_of[made_of] >= ALIKE:
        return False
    claims = frozenset(atom for step in proof.steps for atom in search.graph.steps[step].body if atom in search.graph.leaves)
    if any(less <= claims for less in search.claims[head]):
        return False
    search.made_of[made_of] += 1
    search.claims[head].append(claims)
    search.accepted[head].append(proof)
    return True


def _combine(search: _Search, step: int, fresh: int, proof: Proof) -> None:
    """Offer ``step`` on top of the fresh proof and every choice of accepted proofs for the rest of its body."""
    if len(search.accepted[search.graph.steps[step].head]) >= search.keep:
        return
    others = [search.accepted[atom] for atom in search.derived[step] if atom != fresh]
    for chosen in product(*others):
        if search.tired:
            return
        _offer(search, step, frozenset(proof.steps).union(*(other.steps for other in chosen)))
