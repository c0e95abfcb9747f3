"""The attack graph, and the paths through it that end at a patient."""

from __future__ import annotations

from dataclasses import dataclass, field

from asepsis.model.claim import Claim
from asepsis.model.facts import Effect

PATHS_PER_HARM = 5
"""How many ways to a harm are told as paths; where there are that many, there may be more. The graph and the plan hold all of them."""


@dataclass(frozen=True, slots=True)
class HarmNode:
    """A harm that can be derived: ``atom`` is its index in the graph."""

    atom: int
    device: str
    function: str
    effect: Effect
    level: int


@dataclass(frozen=True, slots=True)
class Step:
    """One ground rule: ``head`` holds if every atom of ``body`` does. ``move`` is the id of the move file."""

    head: int
    body: tuple[int, ...]
    move: str


@dataclass(frozen=True, slots=True)
class AttackGraph:
    """The AND/OR graph of ground Horn clauses.

    ``atoms[i]`` is atom *i* as text; ``leaves`` maps the index of a claimed atom to its claim; everything else is derived, and ``derived``
    maps its index to predicate and arguments.
    """

    atoms: tuple[str, ...]
    leaves: dict[int, Claim]
    steps: tuple[Step, ...]
    harms: tuple[HarmNode, ...]
    derived: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a path, in words. ``findings`` are ids of the findings it rests on, ``assumes`` what profile or site took for granted.

    ``technique`` is the ATT&CK for ICS id; ``exploitability`` the CVSS 3.1 exploitability sub-score of the hop (0…3.887).
    """

    move: str
    sentence: str
    technique: str
    findings: tuple[str, ...]
    claims: tuple[Claim, ...]
    exploitability: float
    assumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Harm:
    """A harm to a patient: ``level`` 1…5, ``name`` one sentence a clinician understands."""

    device: str
    function: str
    effect: Effect
    level: int
    name: str
    many_patients: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """From a starting place to a harm. ``barriers_claimed`` are barriers on the way that nobody has verified.

    ``id`` is stable: a hash of harm, start, moves and the findings used.
    """

    id: str
    start: str
    harm: Harm
    steps: tuple[PathStep, ...]
    findings: tuple[str, ...]
    barriers_claimed: tuple[str, ...] = ()
    many_because: tuple[str, ...] = ()
