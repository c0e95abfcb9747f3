"""How feasible a path is: the class of its hardest hop. Exploitability, never probability (FDA premarket guidance 2026)."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from asepsis.knowledge.risk_data import FEASIBILITY, FeasibilityScale, Skill
from asepsis.model.attack import Path, PathStep
from asepsis.model.claim import Claim
from asepsis.risk.path_view import ENTRIES, argument

NO_SKILL = Skill(0, "none that the path shows", frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Feasibility:
    """``shown`` is the class by the hops, ``level`` the class after claimed barriers.

    ``hardest`` is the hop with the lowest exploitability sub-score (None for a path without hops); ``product`` of the hops' sub-scores, each
    divided by the largest possible, orders paths of one class and means nothing else.
    """

    level: str
    shown: str
    hardest: PathStep | None
    product: float
    skill: Skill


def feasibility_of(path: Path, scale: FeasibilityScale) -> Feasibility:
    """The feasibility of a path. A path without hops that ask for effort is as feasible as can be."""
    hops = [step for step in path.steps if not (scale.shared_secret_is_public and _only_learns_a_shared_secret(step))]
    hardest = min(hops, key=lambda step: step.exploitability, default=None)
    shown = _class_of(hardest.exploitability if hardest else scale.maximum, scale)
    lowered = scale.claimed_barrier_lowers if path.barriers_claimed else 0
    level = FEASIBILITY[max(0, FEASIBILITY.index(shown) - lowered)]
    product = round(prod(step.exploitability / scale.maximum for step in hops), 9)
    return Feasibility(level, shown, hardest, product, _skill(hops, scale))


def _class_of(exploitability: float, scale: FeasibilityScale) -> str:
    if exploitability < scale.medium_from:
        return "low"
    return "medium" if exploitability < scale.high_from else "high"


def _only_learns_a_shared_secret(step: PathStep) -> bool:
    """Clinical rule 2 of the rubric: what stands in every unit, image or service manual is public."""
    predicates = {claim.predicate for claim in step.claims}
    return "same_in_every_unit" in predicates and predicates.isdisjoint(ENTRIES | {"accepts"})


def _skill(hops: list[PathStep], scale: FeasibilityScale) -> Skill:
    needed = [_skill_for(claim, scale) for step in hops for claim in step.claims]
    return max(needed, key=lambda skill: skill.rank, default=NO_SKILL)


def _skill_for(claim: Claim, scale: FeasibilityScale) -> Skill:
    zone = argument(claim, "zone")
    fitting = (skill for skill in scale.skills if claim.predicate in skill.predicates and (not skill.zones or zone in skill.zones))
    return next(fitting, NO_SKILL)
