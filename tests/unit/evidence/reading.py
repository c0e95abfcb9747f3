"""How tests read: bytes in memory, one reader, the facts it emits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from asepsis.evidence.patterns import PatternPass, PatternReader
from asepsis.evidence.reader import Reader, Sureness
from asepsis.guard.limits import STANDARD, LimitReached, Limits
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Fact
from asepsis.model.where import Where

KEY = Redactor(b"a key of tests, 32 bytes long...")


def never(limit: LimitReached) -> None:
    """For bytes in which no pattern may be noisy."""
    raise limit


def source_of(data: bytes, path: str, links: Sequence[str] = (), limits: Limits = STANDARD) -> BoundedSource:
    return BoundedSource(data, Where("e1", path), KEY, limits, link_names=tuple(links))


def read_file(reader: Reader, data: bytes, path: str, links: Sequence[str] = ()) -> list[Fact]:
    """The facts of a file that the reader recognises; nothing if it does not."""
    facts: list[Fact] = []
    if reader.recognises(path, data[:4096]) is not Sureness.NO:
        reader.read(source_of(data, path, links), facts.append)
    return facts


def search(reader: PatternReader, data: bytes, path: str = "bin/x") -> list[Fact]:
    """The facts that a reader of matches finds in some bytes."""
    source, facts = source_of(data, path), list[Fact]()
    for found, matches in _pass_of(type(reader)).scan(source.buffer, never):
        found.read_matches(source, matches, facts.append)
    return facts


@cache
def _pass_of(kind: type[PatternReader]) -> PatternPass:
    """Compiling takes longer than a test."""
    return PatternPass([kind()])
