"""The contract of a rating scheme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from asepsis.model.attack import Path
from asepsis.model.device import Device, Site
from asepsis.model.finding import Finding
from asepsis.model.rating import Answer, SchemeRating


@dataclass(frozen=True, slots=True)
class SchemeInfo:
    """What a scheme is: ``id`` equals its file name; ``version`` and ``source`` are shown beside each result."""

    id: str
    title: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a scheme rates: one path, the findings it rests on, the device and its site, and people's ``overrides`` of answers by question."""

    path: Path
    findings: tuple[Finding, ...]
    device: Device
    site: Site
    overrides: dict[str, Answer]


class Scheme(Protocol):
    """A scheme."""

    info: SchemeInfo

    def rate(self, case: Case) -> SchemeRating:
        """Rate one path, keeping every answer it gave."""
