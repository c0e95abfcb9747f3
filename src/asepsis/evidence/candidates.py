"""Which readers of whole files are worth asking: the few whose signs a file shows, found in two short scans instead of by asking all.

The pattern engine looks for the signs of all readers at once, so that another reader costs a file nothing. It knows no look-arounds and reads
such signs more widely than ``re``, which only means that a reader is asked in vain. A path with anything but printable ASCII is put to every
reader that goes by paths: the engine compares bytes, and letters of other alphabets have cases of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import hyperscan

from asepsis.evidence.reader import Reader

Compiled = tuple[bytes, bytes]
"""The signs in paths and the signs in heads, as the engine keeps them."""


class Candidates:
    """The signs of some readers. Not for use by several threads."""

    def __init__(self, readers: Sequence[Reader], compiled: Compiled = (b"", b"")) -> None:
        """``compiled`` is what another of the same readers made of their signs."""
        self._readers = readers
        self._paths = _Signs([(number, sign) for number, reader in enumerate(readers) for sign in reader.signs.paths], compiled[0])
        self._heads = _Signs([(number, sign) for number, reader in enumerate(readers) for sign in reader.signs.heads], compiled[1])

    @property
    def compiled(self) -> Compiled:
        """For a child, which need not compile again what its parent has compiled."""
        return self._paths.compiled, self._heads.compiled

    def of(self, path: str, head: bytes) -> list[Reader]:
        """The readers to ask of a file, in the order of the list."""
        plain, text = path.isascii() and path.isprintable(), b"\0" not in head
        numbers = self._heads.of(head) | (self._paths.of(path.encode()) if plain else self._paths.owners)
        if not text:
            numbers |= self._heads.of(head.replace(b"\0", b""))
        return [self._readers[number] for number in sorted(numbers) if text or not self._readers[number].signs.text]


class _Signs:
    """Patterns that belong to readers, by their number in the list."""

    def __init__(self, signs: Sequence[tuple[int, re.Pattern[str] | re.Pattern[bytes]]], compiled: bytes) -> None:
        self._signs, self._compiled = signs, compiled

    @cached_property
    def owners(self) -> set[int]:
        return {number for number, _ in self._signs}

    def of(self, data: bytes) -> set[int]:
        """The numbers of the readers with a sign in ``data``."""
        numbers = set[int]()
        if data and self._signs:
            self._database.scan(data, match_event_handler=lambda number, *_: numbers.add(number), scratch=self._scratch)
        return numbers

    @property
    def compiled(self) -> bytes:
        return self._compiled or (hyperscan.dumpb(self._database) if self._signs else b"")

    @cached_property
    def _database(self) -> hyperscan.Database:
        if self._compiled:
            return hyperscan.loadb(self._compiled, mode=hyperscan.HS_MODE_BLOCK)
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[_expression(sign) for _, sign in self._signs],
            ids=[number for number, _ in self._signs],
            elements=len(self._signs),
            flags=[_flags(sign) for _, sign in self._signs],
        )
        return database

    @cached_property
    def _scratch(self) -> hyperscan.Scratch:
        return hyperscan.Scratch(self._database)


def _expression(sign: re.Pattern[str] | re.Pattern[bytes]) -> bytes:
    """For the engine, which takes a zero byte for the end of the expression."""
    expression = sign.pattern if isinstance(sign.pattern, bytes) else sign.pattern.encode("ascii")
    return expression.replace(b"\0", rb"\x00")


def _flags(sign: re.Pattern[str] | re.Pattern[bytes]) -> int:
    """As ``re`` reads it. The engine must take what it cannot do for "perhaps", and say it once a file."""
    flags = hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY
    for ours, theirs in (
        (re.IGNORECASE, hyperscan.HS_FLAG_CASELESS),
        (re.MULTILINE, hyperscan.HS_FLAG_MULTILINE),
        (re.DOTALL, hyperscan.HS_FLAG_DOTALL),
    ):
        flags |= theirs if sign.flags & ours else 0
    return int(flags)
