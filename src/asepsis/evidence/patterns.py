"""Find many byte patterns in all files in one pass.

A multi-pattern engine (Hyperscan) says where a pattern *ends*; Python's ``re`` then confirms on a small window around that end and gives
start, groups and look-arounds. Asking the engine for starts as well would cost a fifth of its speed and refuse some patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import hyperscan

from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import MIB, LimitReached
from asepsis.guard.source import BoundedSource

BLOCK_BYTES = 64 * MIB
"""Scanned at a time; between two blocks a time limit can strike."""
MATCHES_PER_FILE = 20_000
"""Ends of one pattern in one file; more is noise or an attack on us, and is said."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One byte pattern. ``expression`` is what the engine looks for; ``confirm`` (default: the same) is what ``re`` must find there.

    ``before`` and ``after`` are the bytes around the end that ``confirm`` may look at: ``before`` must cover the longest match. Patterns see
    ``.`` as any byte and are case-blind if ``any_case``. With ``once`` the first match in a block is enough: it opens a door for its reader.
    One that says something only ``beside`` an earlier pattern of its reader is not confirmed in a file without that one.
    """

    name: str
    expression: bytes
    confirm: bytes = b""
    before: int = 256
    after: int = 64
    any_case: bool = False
    once: bool = False
    beside: str = ""

    @property
    def regex(self) -> re.Pattern[bytes]:
        """What confirms a match."""
        return re.compile(self.confirm or self.expression, re.DOTALL | (re.IGNORECASE if self.any_case else 0))

    @property
    def engine_flags(self) -> int:
        """How the engine must read the expression."""
        flags = hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if self.any_case else 0) | (hyperscan.HS_FLAG_SINGLEMATCH if self.once else 0)
        return int(flags)


@dataclass(frozen=True, slots=True)
class Match:
    """A confirmed match: ``start`` and ``end`` count bytes of the file, ``groups`` are those of ``confirm`` (unmatched ones empty)."""

    pattern: str
    start: int
    end: int
    text: bytes
    groups: tuple[bytes, ...]


class PatternReader(Protocol):
    """A reader of matches instead of whole files: it is asked for every file in which one of its patterns was confirmed."""

    info: ReaderInfo

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What it wants to be told of."""

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Emit facts from the confirmed ``matches`` of one file, ordered by place. Raises ``Malformed``."""


class PatternPass:
    """All patterns of some readers, compiled once. Not for use by several threads: it owns the engine's scratch space."""

    def __init__(self, readers: Sequence[PatternReader], compiled: bytes = b"") -> None:
        """Take the patterns of ``readers``; ``compiled`` is what another pass of the same readers made of them."""
        self._owned = [(reader, pattern) for reader in readers for pattern in reader.patterns]
        self._compiled, self._regexes = compiled, dict[int, re.Pattern[bytes]]()

    @property
    def size(self) -> int:
        """How many patterns there are."""
        return len(self._owned)

    @cached_property
    def database(self) -> hyperscan.Database:
        """All patterns, compiled for the engine. Raises ``hyperscan.CompilerError`` for an expression the engine does not know."""
        if self._compiled:
            return hyperscan.loadb(self._compiled, mode=hyperscan.HS_MODE_BLOCK)
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        patterns = [pattern for _, pattern in self._owned]
        database.compile(
            expressions=[pattern.expression for pattern in patterns],
            ids=list(range(len(patterns))),
            elements=len(patterns),
            flags=[pattern.engine_flags for pattern in patterns],
        )
        return database

    @property
    def compiled(self) -> bytes:
        """The database as bytes, so that a child need not compile again what its parent has compiled."""
        return self._compiled or hyperscan.dumpb(self.database)

    @cached_property
    def scratch(self) -> hyperscan.Scratch:
        """The engine's working space."""
        return hyperscan.Scratch(self.database)

    @cached_property
    def overlap(self) -> int:
        """Bytes that two neighbouring blocks share, so that a match across the seam is seen."""
        return max((pattern.before for _, pattern in self._owned), default=0)

    def scan(self, data: memoryview, noisy: Callable[[LimitReached], None]) -> list[tuple[PatternReader, list[Match]]]:
        """The confirmed matches, by reader in the order of the list.

        A pattern that matches absurdly often keeps the first ``MATCHES_PER_FILE`` ends seen and is told to ``noisy``, once: it must not drown
        what the others find.
        """
        ends = self._ends(data)
        for places in ends.values():
            if len(places) > MATCHES_PER_FILE:
                noisy(LimitReached("matches_per_file", MATCHES_PER_FILE, len(places)))
        found: dict[int, tuple[PatternReader, list[Match]]] = {}
        seen = set[tuple[int, str]]()
        for number in sorted(ends):
            reader, pattern = self._owned[number]
            if pattern.beside and (id(reader), pattern.beside) not in seen:
                continue
            if number not in self._regexes:
                self._regexes[number] = pattern.regex  # most patterns never match anything
            confirmed = list(confirm(pattern, self._regexes[number], data, sorted(ends[number])))
            if confirmed:
                seen.add((id(reader), pattern.name))
                found.setdefault(id(reader), (reader, []))[1].extend(confirmed)
        for _, matches in found.values():
            matches.sort(key=lambda match: (match.start, match.end, match.pattern))
        return list(found.values())

    def _ends(self, data: memoryview) -> dict[int, set[int]]:
        """Pattern number → places where the engine saw it end."""
        ends: dict[int, set[int]] = {}
        base = 0

        def seen(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            places = ends.setdefault(number, set())
            if len(places) <= MATCHES_PER_FILE:
                places.add(base + end)

        for base in blocks(len(data), self.overlap):
            self.database.scan(data[base : base + BLOCK_BYTES], match_event_handler=seen, scratch=self.scratch)  # type: ignore[type-var]  # any buffer will do
        return ends


def blocks(size: int, overlap: int) -> Iterator[int]:
    """Where each block begins; every stretch of ``overlap`` bytes lies whole in one of them."""
    start = 0
    while start < size:
        yield start
        if start + BLOCK_BYTES >= size:
            return
        start += BLOCK_BYTES - overlap


def confirm(pattern: Pattern, regex: re.Pattern[bytes], data: memoryview, ends: Iterable[int]) -> Iterator[Match]:
    """The matches behind the engine's ``ends`` (ascending); ends inside a match already confirmed are the same match."""
    done = 0
    begins_near = _begins_near(pattern) if 0 < 2 * pattern.before <= pattern.after else None
    for end in ends:
        if end <= done:
            continue
        start = max(done, end - pattern.before)
        # A neighbouring match may begin just before this end; the window must hold it whole.
        window = bytes(data[start : end + pattern.before + pattern.after])
        if begins_near and not begins_near.match(window):
            continue
        for match in regex.finditer(window):
            if start + match.start() >= end:
                break
            if start + match.end() >= end:
                done = start + match.end()
                yield Match(pattern.name, start + match.start(), done, match.group(), tuple(group or b"" for group in match.groups()))
                break


@lru_cache(maxsize=64)
def _begins_near(pattern: Pattern) -> re.Pattern[bytes] | None:
    """Matches a window at its start if the pattern begins anywhere before the end that the engine saw. None if it cannot be said so.

    Where nothing does, ``finditer`` would search the rest of the window, far longer here, to no purpose; most ends are such.
    """
    regex = pattern.regex
    try:
        return re.compile(b"(?s:.{0,%d}?)(?:%s)" % (pattern.before - 1, regex.pattern), regex.flags)
    except re.error:  # flags of its own, which must stand first
        return None
