"""What a plan leaves open, and why: no residual risk is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from asepsis.model.attack import AttackGraph, HarmNode, Path
from asepsis.model.claim import Claim
from asepsis.model.plan import Control, Remaining
from asepsis.plan.control import Measure, measures
from asepsis.plan.horn import backward, derivable
from asepsis.plan.solve import solve

Excluded = Callable[[Control], str]
"""Why a control may not be used, or an empty string if it may."""


def remaining(
    graph: AttackGraph,
    goals: Sequence[int],
    controls: Sequence[Control],
    excluded: Excluded,
    paths: Sequence[Path],
    open_from: Mapping[int, Sequence[str]],
) -> tuple[Remaining, ...]:
    """Each goal that stays derivable, worst first, with the reason: what was left out, or that nothing in the catalogue helps.

    ``open_from`` names, for goals that the plan closes from some starting places, those from which they stay open.
    """
    if not goals:
        return ()
    reasons = _Reasons(graph, goals, controls, excluded, paths)
    left = set(goals)
    return tuple(_remains(harm, _only_from(open_from.get(harm.atom)) + reasons.why(harm), paths) for harm in graph.harms if harm.atom in left)


def _only_from(places: Sequence[str] | None) -> str:
    """For whom a harm that the plan closes in part stays open."""
    if places is None:
        return ""
    if not places:
        return "It stays open only to somebody who starts at several places at once. "
    return f"It stays open only to somebody who starts here: {', '.join(place.replace('_', ' ') for place in places)}. "


def closed_by(measure: Measure, paths: Sequence[Path], numbers: dict[Claim, int]) -> tuple[str, ...]:
    """The ids of the paths that rest on a claim which the measure takes away, in the order of ``paths``. ``numbers`` are the leaves' indexes."""
    return tuple(path.id for path in paths if any(numbers.get(claim) in measure.leaves for step in path.steps for claim in step.claims))


class _Reasons:
    """Finds out once what the whole catalogue could do, and answers for each harm."""

    def __init__(self, graph: AttackGraph, goals: Sequence[int], controls: Sequence[Control], excluded: Excluded, paths: Sequence[Path]) -> None:
        self._graph, self._excluded, self._paths = graph, excluded, paths
        everything = measures(graph, [control for control in controls if not control.partial])
        self._cut = {leaf for measure in everything for leaf in measure.leaves}
        self._stoppable = self._stopped(goals, everything)
        ordinary = tuple(measure for measure in everything if not measure.control.last_resort)
        enough = self._stopped(self._stoppable, ordinary) == self._stoppable
        self._needed = self._left_out(ordinary if enough else everything)

    def _stopped(self, goals: Sequence[int], by: Sequence[Measure]) -> list[int]:
        left = derivable(self._graph, without={leaf for measure in by for leaf in measure.leaves})
        return [goal for goal in goals if not left[goal]]

    def _left_out(self, everything: Sequence[Measure]) -> tuple[Measure, ...]:
        """The excluded measures that the cheapest plan without any wish would use; allowed ones count as free."""
        if not self._stoppable:
            return ()
        prices = [self._price(measure.control) for measure in everything]
        solution = solve(self._graph, self._stoppable, everything, prices, seconds=10.0)
        return tuple(everything[number] for number in solution.chosen if self._excluded(everything[number].control))

    def _price(self, control: Control) -> float:
        return control.cost + control.loss if self._excluded(control) else 0.001

    def why(self, harm: HarmNode) -> str:
        """One or two sentences."""
        if harm.atom not in self._stoppable:
            return " ".join(("No counter-measure in the catalogue stops it.", *self._open_steps(harm)))
        part = backward(self._graph, [harm.atom])
        named = {
            measure.control.id: f"{measure.control.id} {measure.control.title} ({self._excluded(measure.control)})"
            for measure in self._needed
            if any(part[leaf] for leaf in measure.leaves)
        }
        return f"What would stop it was left out: {'; '.join(text for _, text in sorted(named.items()))}."

    def _open_steps(self, harm: HarmNode) -> Iterator[str]:
        """The way that stays open, if it is one of the paths that were told."""
        taken = {self._graph.leaves[leaf] for leaf in self._cut}
        for path in self._paths:
            same = (path.harm.device, path.harm.function, path.harm.effect) == (harm.device, harm.function, harm.effect)
            if same and not any(claim in taken for step in path.steps for claim in step.claims):
                yield f"Open stays: {' '.join(step.sentence for step in path.steps[:-1])}"
                return


def _remains(harm: HarmNode, why: str, paths: Sequence[Path]) -> Remaining:
    same = (path.harm.name for path in paths if (path.harm.device, path.harm.function, path.harm.effect) == (harm.device, harm.function, harm.effect))
    name = next(same, f"{harm.effect} on {harm.function} of {harm.device}")
    return Remaining(harm.device, harm.function, harm.effect.value, harm.level, name, why)
