"""What the reading stage hands on: facts, what was looked for and what was not, problems, coverage."""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.evidence import Coverage, Evidence, Problem
from asepsis.model.facts import Fact


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Whether facts of one ``kind`` (a class name) were looked for. ``reason`` says why not.

    If they were, it is empty, or says why that they were not found proves nothing: nobody but a document was asked.
    """

    kind: str
    looked: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading all evidence. ``facts`` are sorted by place, then kind; ``looked_for`` has one entry for every kind of fact."""

    evidence: tuple[Evidence, ...]
    facts: tuple[Fact, ...]
    looked_for: tuple[LookedFor, ...]
    problems: tuple[Problem, ...]
    coverage: Coverage
