"""The paths of a study, put in order under the harm they lead to. A view for people; nothing is computed that is not in the study."""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.attack import Path
from asepsis.model.finding import Certainty
from asepsis.model.plan import ChosenControl
from asepsis.model.rating import Rating
from asepsis.model.study import Study

HarmKey = tuple[str, str, str]
_FEASIBILITIES = ("low", "medium", "high")
_UNRATED = 1 << 30


@dataclass(frozen=True, slots=True)
class ReachableHarm:
    """One harm and all paths to it, the worst first. ``feasibility`` is that of the easiest path, empty if none was rated.

    ``shown`` is how far the best shown path was shown: as far as its least certain weakness.
    ``acceptable`` only if every path was rated acceptable; ``remains`` says why the plan does not stop it, or is empty.
    """

    key: HarmKey
    level: int
    name: str
    many_patients: bool
    many_because: tuple[str, ...]
    paths: tuple[Path, ...]
    feasibility: str
    acceptable: bool
    remains: str
    shown: Certainty | None = None


def reachable_harms(study: Study) -> tuple[ReachableHarm, ...]:
    """The harms that can be reached, worst first: by level, then many patients, then how feasible, then name."""
    rated = ratings(study)
    by_key: dict[HarmKey, list[Path]] = {}
    for path in study.paths:
        by_key.setdefault(harm_key(path), []).append(path)
    harms = [_harm(key, paths, rated, study) for key, paths in by_key.items()]
    return tuple(sorted(harms, key=lambda harm: (-harm.level, not harm.many_patients, -feasibility_level(harm.feasibility), harm.name, harm.key)))


def ratings(study: Study) -> dict[str, Rating]:
    """The rating of each path, by the path's id."""
    return {rating.path: rating for rating in study.ratings}


def closed_by(study: Study) -> dict[str, tuple[ChosenControl, ...]]:
    """The controls of the plan that cut each path, by the path's id."""
    cut: dict[str, list[ChosenControl]] = {}
    for control in study.plan.controls:
        for path in control.cuts:
            cut.setdefault(path, []).append(control)
    return {path: tuple(controls) for path, controls in cut.items()}


def harm_key(path: Path) -> HarmKey:
    """What makes two paths lead to the same harm: device, function and effect."""
    return (path.harm.device, path.harm.function, path.harm.effect.value)


def feasibility_level(feasibility: str) -> int:
    """0 for unrated, 1 (low) … 3 (high)."""
    return _FEASIBILITIES.index(feasibility) + 1 if feasibility in _FEASIBILITIES else 0


def _harm(key: HarmKey, paths: list[Path], rated: dict[str, Rating], study: Study) -> ReachableHarm:
    ordered = sorted(paths, key=lambda path: (rated[path.id].rank if path.id in rated else _UNRATED, path.id))
    worst = max(ordered, key=lambda path: path.harm.level)
    here = [rated[path.id] for path in ordered if path.id in rated]
    return ReachableHarm(
        key=key,
        level=worst.harm.level,
        name=worst.harm.name,
        many_patients=any(path.harm.many_patients for path in paths),
        many_because=tuple(sorted({because for path in paths for because in path.many_because})),
        paths=tuple(ordered),
        feasibility=max((rating.feasibility for rating in here), key=feasibility_level, default=""),
        acceptable=len(here) == len(paths) and all(rating.acceptable for rating in here),
        remains=next((left.why for left in study.plan.remains if (left.device, left.function, left.effect) == key), ""),
        shown=_shown(ordered, study),
    )


def _shown(paths: list[Path], study: Study) -> Certainty | None:
    """The certainty of the least certain weakness of the best shown path; None if no path rests on a weakness."""
    certainty = {finding.id: finding.certainty for finding in study.findings}
    known = [[certainty[name] for name in path.findings if name in certainty] for path in paths]
    weakest = [min(steps, key=lambda step: step.level) for steps in known if steps]
    return max(weakest, key=lambda step: step.level, default=None)
