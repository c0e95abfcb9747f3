"""Problems of one recording: the same complaint is told a few times with its frame, then counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from asepsis.model.evidence import Cause, Problem
from asepsis.model.where import Where

MOST_PLACES = 5
MOST_KINDS = 500
"""Different complaints."""
_REST = "the rest of the recording was looked at"


class Complaints:
    """``problems`` holds at most ``most`` of them; ``hides`` are the kinds of fact that may be missing."""

    def __init__(self, place: Callable[[int], Where], most: int, hides: tuple[str, ...]) -> None:
        """``place`` names the place of a frame (0: the recording as a whole)."""
        self._place, self._most, self._hides = place, most, hides
        self._counts: Counter[tuple[Cause, str]] = Counter()
        self.problems: list[Problem] = []

    def broken(self, number: int, what: str) -> None:
        """Something is broken in a frame."""
        self._count(Cause.BROKEN_INPUT, number, what, _REST)

    def full(self, what: str) -> None:
        """A limit was reached: what lies beyond is not told."""
        self._count(Cause.LIMIT_REACHED, 0, what, "what lies beyond was not told")

    def once(self, cause: Cause, number: int, what: str, consequence: str) -> None:
        """A problem that comes once."""
        if len(self.problems) < self._most:
            self.problems.append(Problem(cause, self._place(number), what, consequence, self._hides))

    def _count(self, cause: Cause, number: int, what: str, consequence: str) -> None:
        key = cause, what
        if key not in self._counts and len(self._counts) >= MOST_KINDS:
            key = cause, "other complaints about records"
        self._counts[key] += 1
        if self._counts[key] <= (1 if cause is Cause.LIMIT_REACHED else MOST_PLACES):
            self.once(cause, number, what, consequence)

    def finish(self) -> None:
        """Say how often what was told a few times was the case in all."""
        for (cause, what), count in sorted(self._counts.items()):
            if count > MOST_PLACES and cause is Cause.BROKEN_INPUT:
                self.once(cause, 0, f"{what} ({count} times in all)", "only the first records are named")
        self.problems.sort(key=lambda problem: problem.sort_key)
