"""Readers of what makers and coordinators say of published flaws and products (VEX)."""

from __future__ import annotations

from asepsis.evidence.reader import Reader
from asepsis.evidence.readers.advisories.csaf_vex import CsafVexReader
from asepsis.evidence.readers.advisories.cyclonedx_vex import CyclonedxVexReader
from asepsis.evidence.readers.advisories.openvex import OpenvexReader

ADVISORY_READERS: tuple[Reader, ...] = (CyclonedxVexReader(), CsafVexReader(), OpenvexReader())
"""Part of the list in :mod:`asepsis.evidence.readers`."""
