"""Findings that somebody accepted, and what stays possible because of them. An accepted finding stays in the study: it is marked, never hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Because(StrEnum):
    """Why a finding may stand."""

    ACCEPTED_RISK = "accepted-risk"
    FALSE_POSITIVE = "false-positive"
    MITIGATED_ELSEWHERE = "mitigated-elsewhere"


class TriageState(StrEnum):
    """What an entry of a triage file does in a study. Only ``counts`` changes harms and plan."""

    COUNTS = "counts"
    EXPIRED = "expired"
    NO_SUCH_FINDING = "no-such-finding"
    DOES_NOT_FIT = "does-not-fit"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry of a triage file: finding ``id``, who answers for it (``owner``), why, and the last day that it counts (``expires``).

    ``rule`` and ``subject`` are for people who read the file; where they are given they must be those of the finding.
    """

    id: str
    owner: str
    reason: str
    expires: date
    decided: date | None = None
    rule: str = ""
    subject: str = ""
    because: Because = Because.ACCEPTED_RISK


@dataclass(frozen=True, slots=True)
class Triaged:
    """An entry and what became of it in this study. ``soon`` says that it ends within 30 days of the study's day, ``note`` why it does not count."""

    entry: Accepted
    state: TriageState
    soon: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedHarm:
    """A harm that stays possible after the plan only through accepted findings, or worse through them than the plan was made for.

    ``through`` are the ids of the accepted findings that the easiest such way rests on, ``steps`` that way in words; ``acceptable`` is the
    risk matrix's verdict on it.
    """

    device: str
    function: str
    effect: str
    level: int
    name: str
    many_patients: bool
    feasibility: str
    acceptable: bool
    through: tuple[str, ...]
    start: str
    steps: tuple[str, ...]
