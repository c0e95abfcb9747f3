"""What may be said of one patient: three answers and nothing that tells who it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Whether the heart depends on pacing, checks are made from home, the clinic is far; None is not known. Never a part of a study."""

    pacing_dependent: bool | None = None
    remote_monitoring: bool | None = None
    far_from_clinic: bool | None = None
