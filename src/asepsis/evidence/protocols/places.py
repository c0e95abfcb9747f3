"""Where something stands in a file: a line of a text, else an offset. No I/O."""

from __future__ import annotations

from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.where import Where

TEXT_BYTES = MIB
"""From here on lines are no longer counted: each count looks at everything before."""


def place_of(source: BoundedSource, start: int) -> Where:
    """The line in a text, where a reader of whole files may have seen the same; else the offset."""
    before = bytes(source.buffer[:start]) if start < TEXT_BYTES else b"\0"
    return source.where(offset=start) if b"\0" in before else source.where(line=before.count(b"\n") + 1)
