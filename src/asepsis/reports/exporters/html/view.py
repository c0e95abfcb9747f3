"""What the page shows, in the order it shows it: the study's own things with their anchors, drawings and neighbours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from asepsis.model.attack import Path
from asepsis.model.finding import Finding
from asepsis.model.plan import ChosenControl
from asepsis.model.rating import Rating, SchemeRating
from asepsis.model.study import Study
from asepsis.model.where import Where
from asepsis.reports.exporters.html.layout import Drawing, draw
from asepsis.reports.harms import ReachableHarm, closed_by, ratings, reachable_harms

PATHS_A_DRAWING = 3
"""More beside each other cannot be read on paper."""
LEADING_SCHEMES = {"cvss4": "CVSS 4.0", "cvss3": "CVSS 3.1"}
"""The scales shown beside our own; all others stand under the path's details."""


@dataclass(frozen=True, slots=True)
class PathView:
    """A path with its number in the report, its rating and the controls that cut it."""

    number: int
    path: Path
    rating: Rating | None
    controls: tuple[ChosenControl, ...]

    def scheme(self, name: str) -> SchemeRating | None:
        """Its rating by one scheme."""
        return next((one for one in self.rating.schemes if one.scheme == name), None) if self.rating else None


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of up to three paths."""

    drawing: Drawing
    paths: tuple[PathView, ...]


@dataclass(frozen=True, slots=True)
class HarmView:
    """A harm with its paths and drawings. ``open_paths`` is how many of its paths the plan leaves uncut."""

    harm: ReachableHarm
    paths: tuple[PathView, ...]
    figures: tuple[Figure, ...]
    controls: tuple[ChosenControl, ...]
    open_paths: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding and the paths that rest on it."""

    finding: Finding
    paths: tuple[PathView, ...]
    worst: int


@dataclass(frozen=True, slots=True)
class View:
    """All of it. ``anchors`` gives the place in the page of each finding, path and control that is in the study."""

    harms: tuple[HarmView, ...]
    paths: tuple[PathView, ...]
    findings: tuple[FindingView, ...]
    by_id: dict[str, PathView]
    anchors: dict[str, str]
    evidence: dict[str, str]
    facts: tuple[tuple[str, int], ...]
    schemes: dict[str, str]
    assumptions: tuple[str, ...]

    def closed(self, control: ChosenControl) -> list[PathView]:
        """The drawn ways that a control closes, in the order of the page."""
        return sorted((self.by_id[path] for path in control.cuts if path in self.by_id), key=lambda one: one.number)

    def place(self, where: Where) -> str:
        """A place with the evidence it lies in, where the path does not begin with that."""
        name = self.evidence.get(where.evidence, where.evidence)
        return str(where) if where.path.startswith(name) else f"{name}: {where}"


def view(study: Study) -> View:
    """The study as the page shows it."""
    rated, cut = ratings(study), closed_by(study)
    harms: list[HarmView] = []
    paths: list[PathView] = []
    for harm in reachable_harms(study):
        own = tuple(PathView(len(paths) + at, path, rated.get(path.id), cut.get(path.id, ())) for at, path in enumerate(harm.paths, 1))
        paths += own
        harms.append(_harm(harm, own))
    findings = sorted((_finding(finding, paths) for finding in study.findings), key=_worst_first)
    return View(
        harms=tuple(harms),
        paths=tuple(sorted(paths, key=lambda one: (one.rating.rank if one.rating else len(paths) + 1, one.number))),
        findings=tuple(findings),
        by_id={one.path.id: one for one in paths},
        anchors=_anchors(study, paths, findings),
        evidence={evidence.id: evidence.name for evidence in study.evidence},
        facts=tuple(sorted(Counter(fact.kind for fact in study.facts).items())),
        schemes=LEADING_SCHEMES,
        assumptions=_assumptions(study),
    )


def _harm(harm: ReachableHarm, paths: tuple[PathView, ...]) -> HarmView:
    groups = [paths[at : at + PATHS_A_DRAWING] for at in range(0, len(paths), PATHS_A_DRAWING)]
    figures = tuple(Figure(draw(tuple(one.path for one in group)), group) for group in groups)
    controls = {control.id + control.device: control for path in paths for control in path.controls}
    return HarmView(harm, paths, figures, tuple(control for _, control in sorted(controls.items())), sum(not path.controls for path in paths))


def _finding(finding: Finding, paths: list[PathView]) -> FindingView:
    own = tuple(path for path in paths if finding.id in path.path.findings)
    return FindingView(finding, own, max((one.path.harm.level for one in own), default=0))


def _worst_first(one: FindingView) -> tuple[int, bool, str, str]:
    """What is known to be used in attacks leads among those that lead to the same harm."""
    return (-one.worst, one.finding.exploitation != "active", one.finding.rule, one.finding.id)


def _assumptions(study: Study) -> tuple[str, ...]:
    """Those of the study, then those of its findings and steps that it does not name itself."""
    others = {text for finding in study.findings for text in finding.assumes}
    others |= {text for path in study.paths for step in path.steps for text in step.assumes}
    return (*study.assumptions, *sorted(others - set(study.assumptions)))


def _anchors(study: Study, paths: list[PathView], findings: list[FindingView]) -> dict[str, str]:
    anchors = {one.finding.id: f"finding-{number}" for number, one in enumerate(findings, 1)}
    anchors |= {one.path.id: f"path-{one.number}" for one in paths}
    return anchors | {control.id: f"fix-{number}" for number, control in reversed(list(enumerate(study.plan.controls, 1)))}
