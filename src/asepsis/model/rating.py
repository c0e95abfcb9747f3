"""How bad and how feasible a path is, with the reasons kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question of a scheme: ``value`` chosen, ``because`` of what.

    ``by`` is ``evidence``, ``worst-case``, ``assumption``, ``table`` (it follows from other answers) or the person who overrides it.
    """

    question: str
    value: str
    because: str
    by: str = "evidence"
    date: str = ""


@dataclass(frozen=True, slots=True)
class SchemeRating:
    """A rating by one scheme: ``score`` where the scheme has a number, ``verdict`` in the scheme's own word, ``vector`` where there is one."""

    scheme: str
    version: str
    verdict: str
    score: float | None = None
    vector: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """The rating of one path. ``acceptable`` is the risk matrix's verdict and what the plan works from; ``rank`` 1 is the worst.

    ``feasibility`` is ``low``, ``medium`` or ``high``: exploitability, never probability.
    """

    path: str
    severity: int
    feasibility: str
    acceptable: bool
    rank: int
    reasons: tuple[str, ...]
    weakest_hop: str = ""
    hops: int = 0
    start: str = ""
    skill: str = ""
    schemes: tuple[SchemeRating, ...] = ()
