"""Everything that a study takes for granted, in sentences, so that the user can see and override it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from asepsis.knowledge.risk_data import RiskMatrix
from asepsis.model.attack import PATHS_PER_HARM, Path
from asepsis.model.device import ASSUMPTIONS, Device, Site
from asepsis.model.facts import Effect
from asepsis.model.finding import Finding
from asepsis.risk.rate import rating_assumptions

HARMED_BY = {
    Effect.COMMAND: "if it is given a false order or setting",
    Effect.READING: "if it shows or reports what is not so",
    Effect.STOP: "if it stops or comes late",
    Effect.RECORD: "if its record is read or altered",
}
"""What an effect means for a function, in the list of assumptions."""


def taken_for_granted(
    findings: Iterable[Finding], paths: Sequence[Path], device: Device, site: Site, matrix: RiskMatrix | None, of_doses: Iterable[str]
) -> tuple[str, ...]:
    """Once each, sorted: of findings, paths, the device's profile, the surroundings, the matrix, and of how doses were compared."""
    said = {*rating_assumptions(matrix)}
    said |= {text for finding in findings for text in finding.assumes}
    said |= {text for path in paths for step in path.steps for text in step.assumes}
    said |= set(of_doses)
    said.add(f"Surroundings '{site.name}': {site.source}")
    harms = [(function, harm) for function in device.functions for harm in function.harms if harm.mark in ASSUMPTIONS]
    said |= {f"{device.title}, '{function.title}', S{harm.level} {HARMED_BY[harm.effect]} [{harm.mark}]" for function, harm in harms}
    said |= {
        f"{device.title}, clinical loss of {loss.control}: {loss.loss:g} of 3 [{loss.mark}]" for loss in device.losses if loss.mark in ASSUMPTIONS
    }
    ways = Counter((path.harm.device, path.harm.function, path.harm.effect) for path in paths)
    if any(number >= PATHS_PER_HARM for number in ways.values()):
        said.add(
            f"Ways to a harm: about {PATHS_PER_HARM} are told where there may be more, most feasible first; the plan is made against all of them"
        )
    return tuple(sorted(said))
