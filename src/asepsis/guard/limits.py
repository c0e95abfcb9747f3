"""Every limit in one object, its unit in its name. A limit that is reached becomes a Problem, never a silence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one piece of evidence may cost.

    Reading a capture may take ``capture_seconds``, and a second more for each ``capture_bytes_per_second`` that it has.
    """

    unpack_seconds: int = 600
    unpack_cpu_seconds: int = 1200
    unpack_memory_bytes: int = 4 * GIB
    unpack_written_bytes: int = 8 * GIB
    unpack_one_file_bytes: int = 2 * GIB
    unpack_files: int = 400_000
    unpack_depth: int = 10
    read_seconds: int = 600
    read_memory_bytes: int = 2 * GIB
    read_one_file_seconds: int = 30
    parse_file_bytes: int = 16 * MIB
    bill_bytes: int = 256 * MIB
    code_bytes: int = 16 * MIB
    facts: int = 200_000
    problems: int = 2_000
    path_bytes: int = 4096
    evidence_bytes: int = 64 * GIB
    capture_seconds: int = 600
    capture_bytes_per_second: int = 4 * MIB
    capture_memory_bytes: int = 500 * MIB


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """What taking in published knowledge may cost. A document is one record, or a file that cannot be taken apart into records."""

    document_bytes: int = 32 * MIB
    nesting: int = 64
    members: int = 2_000_000
    inflated_bytes: int = 64 * GIB
    inflated_ratio: int = 200
    import_seconds: int = 3600
    import_memory_bytes: int = 2 * GIB
    import_heap_bytes: int = 700 * MIB
    problems: int = 500


FEED_LIMITS = FeedLimits()


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What fetching one address may cost."""

    download_bytes: int = 4 * GIB
    download_seconds: int = 3600
    silence_seconds: float = 30
    attempts: int = 5
    longest_wait_seconds: int = 120
    redirects: int = 5


FETCH_LIMITS = FetchLimits()

Profile = Literal["quick", "standard", "deep"]

STANDARD = Limits()
PROFILES: dict[str, Limits] = {
    "quick": replace(STANDARD, unpack_seconds=120, unpack_cpu_seconds=240, read_seconds=120, unpack_depth=6, unpack_written_bytes=2 * GIB),
    "standard": STANDARD,
    "deep": replace(
        STANDARD,
        unpack_seconds=7200,
        unpack_cpu_seconds=14400,
        read_seconds=7200,
        unpack_depth=20,
        unpack_written_bytes=64 * GIB,
        code_bytes=64 * MIB,
    ),
}
"""The values of ``--profile``."""


class LimitReached(Exception):
    """A limit was reached: which one, its value, and what was seen. Caught once by the runner, which makes it a Problem."""

    def __init__(self, limit: str, allowed: int, seen: int) -> None:
        """``limit`` is the field name of :class:`Limits`, unit included."""
        super().__init__(f"{limit}: {seen} where {allowed} is allowed")
        self.limit, self.allowed, self.seen = limit, allowed, seen
