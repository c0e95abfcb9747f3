"""Readers of what a maker declares of a device before or beside the device itself."""

from __future__ import annotations

from asepsis.evidence.reader import Reader
from asepsis.evidence.readers.designs.design import DesignReader

DESIGN_READERS: tuple[Reader, ...] = (DesignReader(),)
"""Part of the list in :mod:`asepsis.evidence.readers`."""
