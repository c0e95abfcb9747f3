"""Choose: the cheapest controls that leave no unacceptable harm derivable, with the proof, and what remains."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from asepsis.model.attack import AttackGraph, Path
from asepsis.model.plan import Actor, ChosenControl, Control, Plan, Proof
from asepsis.plan.control import Measure, measures
from asepsis.plan.horn import backward, derivable
from asepsis.plan.remain import closed_by, remaining
from asepsis.plan.solve import Solution, solve
from asepsis.plan.starts import Worlds, by_start, closable, open_from

LOSS_WEIGHT = 1.0
"""λ: how much one point of clinical loss weighs against one point of effort [P]. The plan minimises cost + λ·loss."""

SECONDS = 60.0
"""How long the solver may look for a better plan; then the best one found is given with its gap."""

METHOD = "integer program over the ground attack rules (HiGHS), checked by forward chaining"

EXACT = 1e-6


class PlanError(Exception):
    """The check by forward chaining contradicts the solver: a bug of ours. No plan is better than a wrong one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user allows: all controls but ``forbid``, done by ``only`` these people (None: by anybody)."""

    forbid: frozenset[str] = frozenset()
    only: frozenset[Actor] | None = None

    def excluded(self, control: Control) -> str:
        """Why the control may not be used, or an empty string."""
        if control.id in self.forbid:
            return "forbidden"
        if self.only is None or (not self.only.isdisjoint(control.actors) and self.only.issuperset(control.needs)):
            return ""
        return f"the {' and the '.join(control.needs or control.actors)} would have to act"


def choose(  # noqa: PLR0913 - the user's wishes are named at the call
    graph: AttackGraph,
    unacceptable: Collection[int],
    controls: Sequence[Control],
    *,
    paths: Sequence[Path] = (),
    forbid: frozenset[str] = frozenset(),
    only: frozenset[Actor] | None = None,
    loss_weight: float = LOSS_WEIGHT,
    seconds: float = SECONDS,
) -> Plan:
    """The smallest plan. ``unacceptable`` are atoms of harms of ``graph``; ``paths`` give the plan the ids it closes and the harms' names.

    Controls only ever take claims away, so a harm can be stopped if and only if all allowed controls together stop it; all such harms can
    be stopped at once, and the program is solved for them. The others remain, each with the reason; they are closed from as many starting
    places as can be (``plan/starts.py``), at the least work for all of it. Partial controls are never counted.
    Raises ``PlanError`` when the result does not hold when derived again.
    """
    wish = Wish(frozenset(forbid), only)
    allowed = [control for control in controls if not wish.excluded(control) and not control.partial]
    before = derivable(graph)
    goals = [goal for goal in sorted({*unacceptable}) if before[goal]]
    options, stopped = _options(graph, goals, allowed)
    unstopped = sorted({*goals} - {*stopped})
    worlds = by_start(graph) if unstopped else Worlds(graph, (), len(graph.atoms))
    options, aims = _for_some(worlds, stopped, unstopped, options, allowed)
    prices = [option.control.cost + loss_weight * option.control.loss for option in options]
    solution = solve(worlds.graph, aims, options, prices, seconds)
    chosen = [options[number] for number in solution.chosen]
    after = derivable(worlds.graph, without={leaf for option in chosen for leaf in option.leaves})
    if any(after[goal] for goal in aims):
        raise PlanError("a harm that the plan stops can be derived again")
    numbers = {claim: index for index, claim in graph.leaves.items()}
    left = {goal: open_from(worlds, goal, after) for goal in unstopped} if len(aims) > len(stopped) else {}
    return Plan(
        status=_status(goals, stopped, solution),
        controls=tuple(_told(option, closed_by(option, paths, numbers)) for option in chosen),
        cost=sum(option.control.cost for option in chosen),
        loss=sum(option.control.loss for option in chosen),
        remains=remaining(graph, unstopped, controls, wish.excluded, paths, left),
        proof=_proof(solution, len(goals), sum(after[goal] for goal in goals), len(graph.steps)),
        partial=_partial(graph, goals, controls, wish),
        forbidden=tuple(sorted(wish.forbid)),
        only=tuple(sorted(map(str, only or ()))),
    )


def _for_some(
    worlds: Worlds, stopped: Sequence[int], unstopped: Sequence[int], options: tuple[Measure, ...], allowed: Sequence[Control]
) -> tuple[tuple[Measure, ...], list[int]]:
    """Add what can be closed from some starting places of the harms that cannot be stopped for everybody; no last resort is taken for that."""
    if not worlds.places:
        return options, [*stopped]
    taken = {option.control.id for option in options}
    useful = measures(worlds.graph, [control for control in allowed if control.id in taken or not control.last_resort])
    aims = [*stopped, *closable(worlds, unstopped, {leaf for option in useful for leaf in option.leaves})]
    part = backward(worlds.graph, aims)
    return tuple(option for option in useful if any(part[leaf] for leaf in option.leaves)), aims


def _options(graph: AttackGraph, goals: Sequence[int], allowed: Sequence[Control]) -> tuple[tuple[Measure, ...], list[int]]:
    """The measures to choose from, and the goals that they can stop. A last resort comes in only where it stops a harm that nothing else stops."""
    options, stopped = _stoppable(graph, goals, [control for control in allowed if not control.last_resort])
    if len(stopped) == len(goals):
        return options, stopped
    everything, more = _stoppable(graph, goals, allowed)
    part = backward(graph, sorted({*more} - {*stopped}))
    return tuple(one for one in everything if not one.control.last_resort or any(part[leaf] for leaf in one.leaves)), more


def _stoppable(graph: AttackGraph, goals: Sequence[int], allowed: Sequence[Control]) -> tuple[tuple[Measure, ...], list[int]]:
    part = backward(graph, goals)
    options = tuple(option for option in measures(graph, allowed) if any(part[leaf] for leaf in option.leaves))
    left = derivable(graph, without={leaf for option in options for leaf in option.leaves})
    return options, [goal for goal in goals if not left[goal]]


def _status(goals: Sequence[int], stopped: Sequence[int], solution: Solution) -> str:
    if not goals:
        return "none-needed"
    if not stopped:
        return "no-plan"
    return "optimal" if solution.optimal else "feasible"


def _proof(solution: Solution, before: int, rederived: int, rules: int) -> Proof:
    apart = solution.objective - solution.bound
    return Proof(
        method=METHOD,
        objective=solution.objective,
        bound=solution.bound,
        gap=apart / solution.objective if apart > EXACT else 0.0,
        harms_before=before,
        rederived=rederived,
        rules=rules,
    )


def _told(option: Measure, closed: tuple[str, ...]) -> ChosenControl:
    control = option.control
    return ChosenControl(
        id=control.id,
        device=option.device,
        title=control.title,
        do=control.do,
        actors=control.needs or control.actors,
        cost=control.cost,
        loss=control.loss,
        lag=control.lag,
        cuts=closed,
        loss_note=control.loss_note,
    )


def _partial(graph: AttackGraph, goals: Sequence[int], controls: Sequence[Control], wish: Wish) -> tuple[str, ...]:
    """Partial controls that touch a step towards an unacceptable harm: they raise the effort and close nothing."""
    part = backward(graph, goals)
    useful = measures(graph, [control for control in controls if control.partial and not wish.excluded(control)])
    return tuple(sorted({f"{one.control.id} {one.control.title}" for one in useful if any(part[leaf] for leaf in one.leaves)}))
