"""The contract of a reader: it recognises a file, reads it through a bounded source, and emits facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Fact


class Sureness(IntEnum):
    """How sure a reader is that a file is its own. Several readers may read one file; NO means it is not asked."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """What a reader is. ``emits`` are the kinds of fact it looks for; ``formats`` the files it knows, for the documentation.

    ``lies`` names known ways in which the format deceives a reader. ``may_emit`` are kinds that it finds now and then: that it found none says
    nothing about the device.
    """

    name: str
    title: str
    emits: tuple[type[Fact], ...]
    formats: tuple[str, ...]
    lies: tuple[str, ...] = ()
    may_emit: tuple[type[Fact], ...] = ()


Emit = Callable[[Fact], None]
"""Takes a fact; raises :class:`asepsis.guard.limits.LimitReached` when there are too many."""


class Reader(Protocol):
    """A reader. It never opens a file, starts a program or follows a link: it only sees its source."""

    info: ReaderInfo

    def recognises(self, path: str, head: bytes) -> Sureness:
        """Cheap: looks at the path inside the evidence and the first 4,096 bytes only."""

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Emit the facts of one file. Raises ``NotThisFormat`` before commitment, ``Malformed`` after; facts already emitted stay."""


class NotThisFormat(Exception):
    """The file looked like this reader's but is not; nothing was emitted and nothing is wrong."""


class Malformed(Exception):
    """The file is this reader's but broken from some place on: ``what`` is wrong, at ``offset`` or ``line`` if known."""

    def __init__(self, what: str, *, offset: int | None = None, line: int | None = None) -> None:
        """Keep the place for the Problem."""
        super().__init__(what)
        self.what, self.offset, self.line = what, offset, line


class Sealed(Malformed):
    """The file is this reader's and nothing is wrong with it, but its content is encrypted: ``what`` was not seen."""
