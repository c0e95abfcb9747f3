"""What stays open through accepted findings once the plan is done: the plan is made without them, so this is said beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from asepsis.model.attack import AttackGraph, Path
from asepsis.model.claim import Claim
from asepsis.model.plan import Control, Plan
from asepsis.model.rating import Rating
from asepsis.model.triage import AcceptedHarm
from asepsis.plan.control import measures
from asepsis.plan.horn import derivable

HarmKey = tuple[str, str, str]
_FEASIBILITY = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """The harms of a graph that stay within reach after a plan: their ``atoms`` and ``keys``; ``taken`` are the leaves that the plan takes away."""

    atoms: tuple[int, ...]
    keys: frozenset[HarmKey]
    taken: frozenset[int]
    claims: frozenset[Claim]

    def untouched(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """The paths that rest on nothing that the plan takes away."""
        return tuple(path for path in paths if not any(claim in self.claims for step in path.steps for claim in step.claims))


def left_open(graph: AttackGraph, plan: Plan, controls: Sequence[Control]) -> LeftOpen:
    """Apply the controls of ``plan`` to ``graph``, which need not be the one that it was made for."""
    chosen = {(control.id, control.device) for control in plan.controls}
    taken = frozenset(leaf for measure in measures(graph, controls) if measure.key in chosen for leaf in measure.leaves)
    after = derivable(graph, without=taken)
    harms = [harm for harm in graph.harms if after[harm.atom]]
    keys = frozenset((harm.device, harm.function, harm.effect.value) for harm in harms)
    return LeftOpen(tuple(harm.atom for harm in harms), keys, taken, frozenset(graph.leaves[leaf] for leaf in taken))


@dataclass(frozen=True, slots=True)
class Told:
    """What the study says without the accepted findings: the harms that stay open, and how its paths are rated."""

    open: LeftOpen
    paths: Sequence[Path]
    ratings: Sequence[Rating]

    def worst(self) -> dict[HarmKey, tuple[bool, int, bool]]:
        """For each harm that stays open, the worst that is said of it."""
        rated = {rating.path: rating for rating in self.ratings}
        worst: dict[HarmKey, tuple[bool, int, bool]] = {}
        for path in self.paths:
            key = _key(path)
            if key in self.open.keys and path.id in rated:
                before, now = worst.get(key, (False, -1, False)), _badness(path, rated[path.id])
                worst[key] = (before[0] or now[0], max(before[1], now[1]), before[2] or now[2])
        return worst


def accepted_harms(ways: Iterable[Path], rated: Sequence[Rating], told: Told, accepted: Collection[str]) -> tuple[AcceptedHarm, ...]:
    """The harms that ``ways`` lead to and that are not told, or not told as badly, without the accepted findings; the worst way of each.

    ``ways`` are those left after the plan in the graph of all findings, ``rated`` their ratings, the worst first.
    """
    by_id = {path.id: path for path in ways}
    worst = told.worst()
    adding: dict[HarmKey, list[tuple[Path, Rating]]] = {}
    for rating in rated:
        path = by_id[rating.path]
        if _adds(path, rating, told.open.keys, worst, accepted):
            adding.setdefault(_key(path), []).append((path, rating))
    return tuple(_harm(ways, accepted) for ways in adding.values())


def _adds(
    path: Path, rating: Rating, still_open: Collection[HarmKey], worst: Mapping[HarmKey, tuple[bool, int, bool]], accepted: Collection[str]
) -> bool:
    """Whether the accepted findings make something possible that is not said without them."""
    if _key(path) not in still_open:
        return True
    said = worst.get(_key(path), (False, -1, False))
    return not set(accepted).isdisjoint(path.findings) and any(here > there for here, there in zip(_badness(path, rating), said, strict=True))


def _harm(ways: Sequence[tuple[Path, Rating]], accepted: Collection[str]) -> AcceptedHarm:
    """The worst way, and whether any of them strikes many patients."""
    path, rating = ways[0]
    harm = path.harm
    through = tuple(name for name in path.findings if name in accepted)  # none if it rests on what follows from one for the site
    return AcceptedHarm(
        device=harm.device,
        function=harm.function,
        effect=harm.effect.value,
        level=harm.level,
        name=harm.name,
        many_patients=any(way.harm.many_patients for way, _ in ways),
        feasibility=rating.feasibility,
        acceptable=rating.acceptable,
        through=through or tuple(sorted(accepted)),
        start=path.start,
        steps=tuple(step.sentence for step in path.steps),
    )


def _key(path: Path) -> HarmKey:
    return (path.harm.device, path.harm.function, path.harm.effect.value)


def _badness(path: Path, rating: Rating) -> tuple[bool, int, bool]:
    return (not rating.acceptable, _FEASIBILITY.index(rating.feasibility), path.harm.many_patients)
