"""The contract of a reader: it recognises a file, reads it through a bounded source, and emits facts."""

from __future__ import annotations

import re
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


@dataclass(frozen=True, slots=True)
class Signs:
    """What every file shows that a reader recognises: one of ``paths`` in its path or one of ``heads`` in its first 4,096 bytes.

    Those are looked at as they are, and again without their zero bytes, which makes ASCII of most text in UTF-16. With ``text`` there is no zero
    byte in them. A file without the signs is not put to the reader (:mod:`asepsis.evidence.candidates`); of the others, ``recognises`` decides.
    """

    paths: tuple[re.Pattern[str], ...] = ()
    heads: tuple[re.Pattern[bytes], ...] = ()
    text: bool = False


def ends(*names: str) -> re.Pattern[str]:
    """A sign: the path ends with one of these."""
    return re.compile(rf"(?:{'|'.join(re.escape(name) for name in names)})\Z")


def begins(*magics: bytes) -> re.Pattern[bytes]:
    """A sign: the file begins with one of these."""
    return re.compile(rb"\A(?:" + b"|".join(re.escape(magic) for magic in magics) + b")")


def anywhere(*words: str) -> re.Pattern[bytes]:
    """A sign: one of these stands somewhere in the head, in either case, in ASCII or UTF-16."""
    return re.compile(b"|".join(re.escape(word.encode()) for word in words), re.IGNORECASE)


Emit = Callable[[Fact], None]
"""Takes a fact; raises :class:`asepsis.guard.limits.LimitReached` when there are too many."""


class Reader(Protocol):
    """A reader. It never opens a file, starts a program or follows a link: it only sees its source."""

    info: ReaderInfo
    signs: Signs

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


class Flawed(Malformed):
    """The file is this reader's and was read to its end, but some of it is wrong or missing: ``what``, first at the place."""
