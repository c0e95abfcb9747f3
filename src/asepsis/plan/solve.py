"""The integer program: the cheapest measures after which no goal can be derived, solved to a proven optimum by HiGHS.

Each ground rule says: if its body holds, so does its head, ``head − Σ body ≥ 1 − n``. A leaf holds unless a chosen measure takes it away,
``leaf + Σ measures ≥ 1``. Goals are 0. Only measures are integers: once they are, the least solution of the rest is 0 or 1 by itself, and
it is the least model of the rules, cycles included.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from asepsis.model.attack import AttackGraph
from asepsis.plan.control import Measure
from asepsis.plan.horn import backward, derivable

LEXICOGRAPHIC = 64
"""Up to so many measures, a tie goes to the plan that comes first in the order of ids; beyond, to the solver's first (it is deterministic)."""

EXACT = 1e-6

OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": EXACT,
    # Measured on 10,000 devices: presolve takes longer than solving these Horn programs without it (5.3 s against 2.2 s), and the
    # feasibility jump looks for a first plan that the root relaxation gives anyway.
    "presolve": "off",
    "mip_heuristic_run_feasibility_jump": False,
}
"""One thread and a fixed seed, so that the same graph gives the same plan; no gap is left open."""

FEASIBLE = 2
"""HiGHS's kSolutionStatusFeasible."""


class SolveError(Exception):
    """The solver gave no usable answer: a bug of ours, never a property of the device."""


@dataclass(frozen=True, slots=True)
class Solution:
    """``chosen`` are indexes of measures, sorted; ``bound`` is the proven lower bound of the objective."""

    chosen: tuple[int, ...]
    objective: float
    bound: float
    optimal: bool


@dataclass(slots=True)
class _Program:
    """Columns: measures first, then atoms. Rows as sparse lists of (column, coefficient) with a lower bound."""

    prices: list[float]
    columns: dict[int, int] = field(default_factory=dict)
    rows: list[tuple[list[int], list[float], float]] = field(default_factory=list)
    zero: list[int] = field(default_factory=list)

    def column(self, atom: int) -> int:
        """The atom's column, made when it is first asked for."""
        return self.columns.setdefault(atom, len(self.prices) + len(self.columns))


def solve(graph: AttackGraph, goals: Collection[int], options: Sequence[Measure], prices: Sequence[float], seconds: float) -> Solution:
    """The cheapest set of ``options`` that leaves no goal derivable; all options together must be able to. ``prices`` are above 0.

    If the solver finds nothing in ``seconds``, all options are the plan, with the bound proven so far. Raises ``SolveError`` if all options
    together would not do.
    """
    if not goals:
        return Solution((), 0.0, 0.0, optimal=True)
    program = _program(graph, goals, options, list(prices))
    model = _load(program)
    solution = _run(model, program, seconds)
    if solution is None:
        return Solution(tuple(range(len(options))), sum(prices), max(0.0, float(model.getInfo().mip_dual_bound)), optimal=False)
    if solution.optimal and len(options) <= LEXICOGRAPHIC:
        return _first_of_ties(model, program, solution, seconds)
    return solution


def _program(graph: AttackGraph, goals: Collection[int], options: Sequence[Measure], prices: list[float]) -> _Program:
    """Only what matters: atoms that goals can rest on and that some option can make false."""
    takers: dict[int, list[int]] = {}
    for number, option in enumerate(options):
        for leaf in option.leaves:
            takers.setdefault(leaf, []).append(number)
    always = derivable(graph, without=takers)
    if any(always[goal] for goal in goals):
        raise SolveError("no set of measures stops every goal")
    part = backward(graph, goals)
    program = _Program(prices)
    for step in graph.steps:
        if part[step.head] and not always[step.head] and step.head not in step.body:
            body = [program.column(atom) for atom in step.body if not always[atom]]
            program.rows.append(([program.column(step.head), *body], [1.0, *([-1.0] * len(body))], 1.0 - len(body)))
    for leaf, numbers in sorted(takers.items()):
        if leaf in program.columns:
            program.rows.append(([program.columns[leaf], *numbers], [1.0] * (1 + len(numbers)), 1.0))
    program.zero = [program.columns[goal] for goal in sorted(goals) if goal in program.columns]
    return program


def _load(program: _Program) -> Any:
    import highspy

    size, measures = len(program.prices) + len(program.columns), len(program.prices)
    upper = [1.0] * size
    for column in program.zero:
        upper[column] = 0.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = size, len(program.rows)
    lp.col_cost_ = [*program.prices, *([0.0] * (size - measures))]
    lp.col_lower_, lp.col_upper_ = [0.0] * size, upper
    lp.row_lower_, lp.row_upper_ = [row[2] for row in program.rows], [highspy.kHighsInf] * len(program.rows)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * measures + [highspy.HighsVarType.kContinuous] * (size - measures)
    starts = [0]
    for columns, _, _ in program.rows:
        starts.append(starts[-1] + len(columns))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = [column for columns, _, _ in program.rows for column in columns]
    lp.a_matrix_.value_ = [value for _, values, _ in program.rows for value in values]

    class Quiet(highspy.Highs):
        """The solver without callbacks: it greets the user on standard output when they are switched on."""

        def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
            self.setOptionValue("output_flag", False)

    model = Quiet()  # type: ignore[no-untyped-call]
    for name, value in OPTIONS.items():
        model.setOptionValue(name, value)
    if model.passModel(lp) == highspy.HighsStatus.kError:
        raise SolveError("the solver refused the program")
    return model


def _run(model: Any, program: _Program, seconds: float) -> Solution | None:
    """Solve what is loaded; None when no solution was found in time. Raises ``SolveError`` when there is none."""
    import highspy

    model.setOptionValue("time_limit", model.getRunTime() + seconds)
    model.run()
    status, info = model.getModelStatus(), model.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        raise SolveError("no set of measures stops every goal")
    if info.primal_solution_status != FEASIBLE:
        return None
    values = model.getSolution().col_value
    chosen = tuple(number for number in range(len(program.prices)) if values[number] > 0.5)  # noqa: PLR2004 - integers up to rounding
    optimal = status == highspy.HighsModelStatus.kOptimal
    objective = sum(program.prices[number] for number in chosen)
    return Solution(chosen, objective, objective if optimal else max(0.0, float(info.mip_dual_bound)), optimal)


def _first_of_ties(model: Any, program: _Program, best: Solution, seconds: float) -> Solution:
    """Among all cheapest sets, the one whose sorted list of measures comes first: ask for each measure in turn whether it can be in one."""
    import highspy

    wanted = set(best.chosen)
    model.addRow(-highspy.kHighsInf, best.objective + EXACT, len(program.prices), list(range(len(program.prices))), program.prices)
    for number in range(len(program.prices)):
        found = set(best.chosen) if number in wanted else _with(model, program, number, seconds)
        if found and number not in wanted:
            wanted = found
        fixed = 1.0 if found else 0.0
        model.changeColBounds(number, fixed, fixed)
    chosen = tuple(sorted(wanted))
    return Solution(chosen, sum(program.prices[number] for number in chosen), best.bound, best.optimal)


def _with(model: Any, program: _Program, number: int, seconds: float) -> set[int]:
    """A cheapest set that holds measure ``number`` and what was fixed before, or nothing."""
    model.changeColBounds(number, 1.0, 1.0)
    try:
        solution = _run(model, program, seconds)
    except SolveError:
        return set()
    return set(solution.chosen) if solution else set()
