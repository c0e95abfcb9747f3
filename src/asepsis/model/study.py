"""A study: everything that was read, judged, connected, rated and chosen. Same input, same study."""

from __future__ import annotations

from dataclasses import dataclass, field

from asepsis.model.attack import Path
from asepsis.model.device import Device, Site
from asepsis.model.dismissed import Dismissed
from asepsis.model.evidence import Coverage, Evidence, Problem
from asepsis.model.finding import Finding, NotAssessed, NotFound
from asepsis.model.inventory import Item
from asepsis.model.plan import Plan
from asepsis.model.rating import Rating
from asepsis.model.record import FactRecord
from asepsis.model.shared import SharedSecret
from asepsis.model.triage import AcceptedHarm, Triaged
from asepsis.model.vulnerability import Feed, Match

SCHEMA = "https://asepsis.example/schema/study-1.json"
"""The name of the study file's format; its JSON Schema ships as ``reports/exporters/study-1.schema.json``."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Which tool made the study, and the limits and options that change its result."""

    name: str
    version: str
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts of the field that were used: ``date`` of the newest, ``as_of`` the day that ends of support are compared with (ISO dates).

    ``feeds`` are the sources of published flaws; none means that published flaws were not looked for. ``warnings`` say which of them are old on the
    day ``as_of``.
    """

    date: str
    as_of: str
    sources: tuple[str, ...] = ()
    feeds: tuple[Feed, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """The whole. The keys of the study file are these field names (``schema_`` is written ``schema``).

    ``alternatives`` are the plans of each party alone, for ``plan`` may need several: what the maker can do, what the hospital can do today.
    ``paths``, ``ratings`` and plans are made from the findings that no entry of ``triage`` accepts; ``accepted_harms`` are what that leaves open.
    ``vulnerabilities`` are all published flaws that were matched to a part, whatever the verdict; ``inventory`` is every part of the software and
    every executable: what a bill of materials lists.
    """

    schema_: str
    tool: Tool
    knowledge: Knowledge
    device: Device
    site: Site
    evidence: tuple[Evidence, ...]
    coverage: Coverage
    facts: tuple[FactRecord, ...]
    findings: tuple[Finding, ...]
    not_found: tuple[NotFound, ...]
    not_assessed: tuple[NotAssessed, ...]
    problems: tuple[Problem, ...]
    paths: tuple[Path, ...]
    ratings: tuple[Rating, ...]
    plan: Plan
    assumptions: tuple[str, ...] = ()
    alternatives: tuple[Plan, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    triage: tuple[Triaged, ...] = ()
    accepted_harms: tuple[AcceptedHarm, ...] = ()
    shared: tuple[SharedSecret, ...] = ()
    vulnerabilities: tuple[Match, ...] = ()
    inventory: tuple[Item, ...] = ()

    @property
    def complete(self) -> bool:
        """False while anything could not be looked at: the word "clean" may then not be used."""
        return self.coverage.complete and not self.problems and not self.not_assessed
