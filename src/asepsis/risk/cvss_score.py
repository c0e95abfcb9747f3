"""Scores of CVSS vectors, by the library ``cvss`` (Red Hat Product Security), loaded only when a vector is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

RATINGS = ((0.0, "none"), (3.9, "low"), (6.9, "medium"), (8.9, "high"), (10.0, "critical"))
"""Upper ends of the qualitative scale, the same in CVSS 3 and 4."""


@dataclass(frozen=True, slots=True)
class Scores3:
    """The three scores of a CVSS v3 vector."""

    base: float
    temporal: float
    environmental: float


@lru_cache(maxsize=4096)
def score3(vector: str) -> Scores3:
    """The scores of a CVSS v3.0 or v3.1 vector. Raises ``ValueError`` for a malformed one."""
    from cvss import CVSS3, CVSSError

    try:
        return Scores3(*CVSS3(vector).scores())
    except CVSSError as error:
        raise ValueError(str(error)) from error


@lru_cache(maxsize=4096)
def score4(vector: str) -> float:
    """The score of a CVSS v4.0 vector, with whatever threat and environmental metrics it has. Raises ``ValueError`` for a malformed one."""
    from cvss import CVSS4, CVSSError

    try:
        return float(CVSS4(vector).scores()[0])
    except CVSSError as error:
        raise ValueError(str(error)) from error


def qualitative(score: float) -> str:
    """The word for a score: none, low, medium, high or critical."""
    return next(word for top, word in RATINGS if score <= top)


def vector_of(version: str, metrics: Mapping[str, str]) -> str:
    """A vector string from metrics in their standard order; undefined ones (``X``) are left out."""
    return "/".join([f"CVSS:{version}", *(f"{name}:{value}" for name, value in metrics.items() if value != "X")])
