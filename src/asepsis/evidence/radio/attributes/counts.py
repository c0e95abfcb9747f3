"""How often what was done with which attribute, and when first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

MOST = 65_536
"""Different ways, attributes, states and outcomes that are kept apart."""


class Done(NamedTuple):
    """One way of doing something with an attribute: what counts go by.

    ``state`` is the link's, ``central_serves`` whose attribute it is, ``handle`` as it was sent. ``outcome`` is in the words of
    :class:`asepsis.model.radio.AttributeAccess`, ``error`` the standard's number, ``code`` a control point's operation code in hex, ``answer`` what
    that said.
    """

    state: int
    central_serves: bool
    operation: int
    handle: bytes
    outcome: str
    error: int = 0
    code: str = ""
    answer: str = ""


class Counts:
    """All that was done. What has no answer is counted apart, for there is most of it."""

    def __init__(self, full: Callable[[str], None]) -> None:
        """``full`` is told when there is no room for more."""
        self._full = full
        self._done: dict[Done, list[int]] = {}
        self.told: dict[tuple[int, bool, int, bytes], list[int]] = {}

    def add(self, done: Done, number: int) -> None:
        """Once more, in frame ``number``."""
        count = self._done.get(done)
        if count is not None:
            count[0] += 1
        elif len(self._done) < MOST:
            self._done[done] = [1, number]
        else:
            self._full(f"attributes: more than {MOST} different accesses")

    def tell(self, key: tuple[int, bool, int, bytes], number: int) -> None:
        """Once more notified or indicated: state, whether the central serves, operation, handle."""
        count = self.told.get(key)
        if count is not None:
            count[0] += 1
        elif len(self.told) < MOST:
            self.told[key] = [1, number]
        else:
            self._full(f"attributes: more than {MOST} different notifications")

    def instead(self, before: Done, answer: str, number: int) -> None:
        """What was counted without its answer has one now."""
        count = self._done.get(before)
        if count is not None and count[0]:
            count[0] -= 1
            self.add(before._replace(answer=answer), number)

    def all(self) -> Iterator[tuple[Done, int, int]]:
        """What was done, how often, and when first."""
        for done, (times, first) in self._done.items():
            if times and len(done.handle) == 2:
                yield done, times, first
        for (state, central_serves, operation, handle), (times, first) in self.told.items():
            if len(handle) == 2:
                yield Done(state, central_serves, operation, handle, "told"), times, first
