"""What the bounded child may use while it takes in knowledge."""

from __future__ import annotations

from asepsis.guard.limits import FEED_LIMITS, MIB
from asepsis.guard.sandbox import Bounds


def import_bounds() -> Bounds:
    """Time, memory and talk of one import."""
    seconds = FEED_LIMITS.import_seconds
    return Bounds(
        wall_seconds=seconds,
        cpu_seconds=seconds,
        memory_bytes=FEED_LIMITS.import_memory_bytes,
        heap_bytes=FEED_LIMITS.import_heap_bytes,
        file_bytes=FEED_LIMITS.inflated_bytes,
        message_bytes=256 * MIB,
        messages_bytes=FEED_LIMITS.inflated_bytes,
    )
