"""Rate every path: severity of the harm × feasibility decides and ranks; CVSS, the rubric and SSVC stand beside and never rank."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from asepsis.knowledge.risk_data import FEASIBILITY, RiskMatrix, rubric_data
from asepsis.knowledge.ssvc_data import ssvc
from asepsis.model.attack import Path
from asepsis.model.device import Device, Site
from asepsis.model.finding import Certainty, Finding
from asepsis.model.rating import Answer, Rating, SchemeRating
from asepsis.risk.scheme import Case
from asepsis.risk.schemes import beside
from asepsis.risk.schemes.patient_harm import PatientHarm, Weighed
from asepsis.risk.sheet import code_of


def rate(
    paths: Sequence[Path],
    findings: Sequence[Finding],
    device: Device,
    site: Site,
    *,
    overrides: Mapping[str, Answer] | None = None,
    matrix: RiskMatrix | None = None,
) -> tuple[Rating, ...]:
    """One rating for each path, worst first; no path is dropped.

    Order: what the matrix does not accept, then severity, feasibility, many patients before one, ease over all hops, fewest hops, id.
    ``overrides`` are people's answers by ``scheme.CODE`` for all paths, or ``PATH/scheme.CODE`` for one; one about a path that is gone has
    nothing to answer. Raises ``ValueError`` for an override of a question that no scheme asks, without a name, a date and a
    reason, or with an impossible value.
    """
    harm = PatientHarm(matrix)
    by_id = {finding.id: finding for finding in findings}
    rated = []
    for path in paths:
        own = tuple(by_id[name] for name in path.findings if name in by_id)
        case = Case(path, own, device, site, _for_path(path.id, overrides or {}))
        rated.append(_Rated(case, harm.weigh(case), tuple(scheme.rate(case) for scheme in beside(harm))))
    _refuse_unasked(overrides or {}, [one.schemes for one in rated])
    return tuple(_rating(one, rank, harm) for rank, one in enumerate(sorted(rated, key=_worst_first), 1))


@dataclass(frozen=True, slots=True)
class _Rated:
    case: Case
    weighed: Weighed
    schemes: tuple[SchemeRating, ...]


def _for_path(path: str, overrides: Mapping[str, Answer]) -> dict[str, Answer]:
    """The overrides that are about a path; what is said of this path beats what is said of all."""
    general = {key: answer for key, answer in overrides.items() if "/" not in key}
    own = {key.partition("/")[2]: answer for key, answer in overrides.items() if key.partition("/")[0] == path and "/" in key}
    return general | own


def _refuse_unasked(overrides: Mapping[str, Answer], ratings: Sequence[Collection[SchemeRating]]) -> None:
    """An override with a slip in its name would change nothing and be believed: refuse it."""
    asked = {f"{rating.scheme}.{code_of(answer)}" for schemes in ratings for rating in schemes for answer in rating.answers}
    unasked = sorted(key for key in overrides if key.rpartition("/")[2] not in asked)
    if unasked and ratings:
        raise ValueError(f"no scheme asks {', '.join(unasked)}")


def _worst_first(one: _Rated) -> tuple[bool, int, int, bool, float, int, str]:
    weighed, path = one.weighed, one.case.path
    ease = (-FEASIBILITY.index(weighed.feasibility), not weighed.many_patients, -weighed.found.product)
    return (weighed.acceptable, -weighed.severity, *ease, len(path.steps), path.id)


def _rating(one: _Rated, rank: int, harm: PatientHarm) -> Rating:
    weighed, path = one.weighed, one.case.path
    return Rating(
        path=path.id,
        severity=weighed.severity,
        feasibility=weighed.feasibility,
        acceptable=weighed.acceptable,
        rank=rank,
        reasons=tuple(_reasons(one, harm)),
        weakest_hop=weighed.found.hardest.sentence if weighed.found.hardest else "",
        hops=len(path.steps),
        start=path.start,
        skill=weighed.found.skill.name,
        schemes=one.schemes,
    )


_UNPROVEN = {Certainty.DECLARED: "Only declared, not shown on the device", Certainty.PRESENT: "Not shown to be switched on"}


def _reasons(one: _Rated, harm: PatientHarm) -> list[str]:
    """Why, in sentences: the answers that decided, what was only claimed, what was not shown."""
    weighed, path = one.weighed, one.case.path
    told = {code_of(answer): answer for answer in weighed.sheet.answers}
    said = [f"Severity S{weighed.severity}: {told['severity'].because}."]
    if weighed.many_patients:
        counted = f"; counted as S{weighed.counted}" if weighed.counted != weighed.severity else ""
        said.append(f"Many patients: {told['many_patients'].because}{counted}.")
    said.append(f"Feasibility {weighed.feasibility}: {told['feasibility'].because}.")
    if path.barriers_claimed:
        said.append("A claimed barrier lowers the feasibility and the rank; it never lowers the severity, and the verdict is taken without it.")
    for certainty, words in _UNPROVEN.items():
        said += [
            f"{words}: {title}." for title in sorted(finding.title.rstrip(".") for finding in one.case.findings if finding.certainty is certainty)
        ]
    verdict = "Acceptable" if weighed.acceptable else "Unacceptable"
    return [*said, f"{verdict} by the risk matrix '{harm.matrix.origin.title}'."]


def rating_assumptions(matrix: RiskMatrix | None = None) -> tuple[str, ...]:
    """What rating takes for granted, for a study's list of assumptions: matrix, acceptance line, classes, mappings."""
    harm = PatientHarm(matrix)
    origins = (harm.matrix.origin, harm.scale.origin, rubric_data().origin, ssvc().origin)
    return tuple(sorted([*(f"Rating: {origin}" for origin in origins), *OWN_ASSUMPTIONS]))


OWN_ASSUMPTIONS = (
    "Rating: a secret that is the same in every unit counts as public, so learning it is no obstacle [P]",
    "Rating: an unverified barrier lowers the feasibility of a path by one class, never its severity; the verdict is taken without it [P]",
    "Rating: SSVC's safety and mission impact are taken from the level of the harm, its exposure from the zones a path enters through [P]",
    "Rating: no catalogue of exploited flaws was asked beyond what the findings say [P]",
)
