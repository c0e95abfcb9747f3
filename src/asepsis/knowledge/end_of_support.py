"""When the maintainers of a piece of software stop mending it.

Four tables: dates from endoflife.date, dates from general knowledge, software without a maintainer, and release years of software whose makers
publish no dates. A version belongs to the release line with which it shares the most leading components: 3.18.109 belongs to 3.18, 1.0.2k to 1.0.2.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from asepsis.knowledge.toml_file import build, one_line, read_table
from asepsis.model.device import Mark

OLD_YEARS = 5
"""[P] A release older than this, of software without published dates, has no evidence of support."""

FILES = ("end_of_support.toml", "end_of_support_known.toml", "without_maintainer.toml", "release_years.toml")


class SupportStatus(StrEnum):
    """What is known about a release line.

    ``ENDED_OR_ENDS``: on ``ends``, to be compared with the day of the assessment. ``SUPPORTED``: its source called it supported and names no
    end; ``ends`` is None. ``RECENT``: no dates are published, but it is at most five years old, or newer than the table; ``ends`` is None.
    ``UNKNOWN``: no evidence of support, ask the maker; ``ends`` is None. ``ABANDONED``: nobody maintains it; ``ends`` is the last day on which
    somebody was seen to.
    """

    ENDED_OR_ENDS = "ended-or-ends"
    SUPPORTED = "supported"
    RECENT = "recent"
    UNKNOWN = "unknown"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class EndOfSupport:
    """When a release line ended or ends. ``ends`` None with ``status`` ``unknown`` means: no evidence of support, ask the maker.

    ``status`` is a value of :class:`SupportStatus`; ``source`` says in words where the statement comes from.
    """

    product: str
    cycle: str
    ends: dt.date | None
    status: str
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Product:
    """A product as in the files. ``ends``: line → day. ``ended_by``: line → a day by which it had certainly ended.

    ``supported``: lines without an announced end. ``released``: line → year, for the age rule; ``year_is_version`` when the version is the year.
    ``abandoned``: line → the last day on which anybody maintained it.
    ``ordered`` False means lines are names rather than numbers (Windows), so no line is older than another.
    """

    id: str
    name: str
    source: str
    mark: Mark
    names: tuple[str, ...] = ()
    ends: dict[str, dt.date] = field(default_factory=dict)
    ended_by: dict[str, dt.date] = field(default_factory=dict)
    supported: tuple[str, ...] = ()
    released: dict[str, int] = field(default_factory=dict)
    year_is_version: bool = False
    ordered: bool = True
    abandoned: dict[str, dt.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _File:
    product: tuple[Product, ...]


class SupportTable:
    """All products, several entries of one id taken together in the order given."""

    def __init__(self, products: Iterable[Product], stated: Iterable[Product] = ()) -> None:
        """Index ``products`` by id and by other names; a line or name that the user ``stated`` counts before all others."""
        self._entries: dict[str, list[Product]] = {}
        self._ids: dict[str, str] = {}
        for product in products:
            self._entries.setdefault(product.id, []).append(product)
            for name in (product.id, product.name, *product.names):
                self._ids.setdefault(support_key(name), product.id)
        self._stated: dict[str, list[Product]] = {}
        for product in stated:
            own = replace(product, id=self.product_id(product.id) or product.id)
            self._stated.setdefault(own.id, []).append(own)
            self._ids |= {support_key(name): own.id for name in (product.id, product.name, *product.names)}

    @property
    def products(self) -> tuple[Product, ...]:
        """Every entry, by id."""
        return tuple(entry for _, entries in sorted(self._entries.items()) for entry in entries)

    def product_id(self, name: str) -> str:
        """The id that goes with a name, or an empty string."""
        return self._ids.get(support_key(name), "")

    def look_up(self, product: str, version: str, known_on: dt.date) -> EndOfSupport | None:
        """The release line of a version, or None when the product is in no table. ``known_on`` is the day from which age is counted."""
        name = self.product_id(product)
        parts = _parts(version)
        lines: list[EndOfSupport] = []
        for entries in (self._stated.get(name, []), self._entries.get(name, [])):
            here = [line for entry in entries for line in _lines(entry, parts, known_on)]
            matching = [line for line in here if parts[: len(_parts(line.cycle))] == _parts(line.cycle)]
            if matching:
                return max(matching, key=lambda line: len(_parts(line.cycle)))
            lines += here
        every = [*self._entries.get(name, []), *self._stated.get(name, [])]
        return _between(every, lines, version, known_on) if every else None


def load_support_table(folder: Path, newer: Mapping[str, Product] | None = None, stated: Iterable[Product] = ()) -> SupportTable:
    """Read the four tables. ``newer`` entries, by id, take the place of those in the first; ``stated`` are the user's.

    Raises ``KnowledgeError``.
    """
    found = [(name, product) for name in FILES for product in build(read_table(folder / name), _File, folder / name).product]
    return SupportTable(((newer or {}).get(product.id, product) if name == FILES[0] else product for name, product in found), stated)


def support_key(name: str) -> str:
    """A name as it is compared: in lower case, every run of other signs one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


NOISE = frozenset({"windows", "microsoft", "server", "embedded", "enterprise", "professional", "pro", "edition", "version"})
"""Words that stand before or in a release's name without telling releases apart; the product already says them."""

SPELLINGS = {"ltsb": "lts", "ltsc": "lts"}


def _parts(version: str) -> tuple[str, ...]:
    """``1:1.0.2k-fips`` → 1, 0, 2, k, fips: digits and letters apart, packaging epoch and a leading "v" dropped, no leading zeros."""
    text = re.sub(r"^([0-9]+:)?v?(?=[0-9])", "", version.strip().lower())
    words = (part.lstrip("0") or "0" if part.isdigit() else SPELLINGS.get(part, part) for part in re.findall(r"[0-9]+|[a-z]+", text))
    return tuple(word for word in words if word not in NOISE)


def _lines(entry: Product, parts: tuple[str, ...], known_on: dt.date) -> Iterator[EndOfSupport]:
    """Every line of a product as an answer."""
    for cycle, day in entry.ends.items():
        yield EndOfSupport(entry.id, cycle, day, SupportStatus.ENDED_OR_ENDS, entry.source, entry.mark)
    for cycle, day in entry.ended_by.items():
        yield EndOfSupport(
            entry.id, cycle, day, SupportStatus.ENDED_OR_ENDS, f"{entry.source}; ended by this day, the exact day is not known", entry.mark
        )
    for cycle, day in entry.abandoned.items():
        yield EndOfSupport(entry.id, cycle, day, SupportStatus.ABANDONED, entry.source, entry.mark)
    for cycle in entry.supported:
        yield EndOfSupport(entry.id, cycle, None, SupportStatus.SUPPORTED, f"{entry.source}; supported then, no end announced", entry.mark)
    yield from (_by_age(entry, cycle, year, known_on) for cycle, year in _years(entry, parts).items())


def _years(entry: Product, parts: tuple[str, ...]) -> dict[str, int]:
    if entry.year_is_version and parts and re.fullmatch(r"(19|20)\d\d", parts[0]):
        return {parts[0]: int(parts[0])}
    return entry.released


def _by_age(entry: Product, cycle: str, year: int, known_on: dt.date) -> EndOfSupport:
    old = known_on.year - year > OLD_YEARS
    status = SupportStatus.UNKNOWN if old else SupportStatus.RECENT
    what = f"{entry.source}; released {year}, no end of support is published"
    return EndOfSupport(entry.id, cycle, None, status, what, Mark.PROPOSAL)


def _between(entries: list[Product], lines: list[EndOfSupport], version: str, known_on: dt.date) -> EndOfSupport:
    """[P] A version of no listed line shares at best the fate of the next newer line, if that has ended or is too old itself."""
    nothing = f"{entries[0].source}; no release line for {one_line(version) or 'an unknown version'}"
    unknown = EndOfSupport(entries[0].id, "", None, SupportStatus.UNKNOWN, nothing, Mark.PROPOSAL)
    numbers = _numbers(_parts(version))
    if not numbers or not all(entry.ordered for entry in entries):
        return unknown
    newer = [line for line in lines if _numbers(_parts(line.cycle)) > numbers]
    cycle = ".".join(str(number) for number in numbers[:2])
    if not newer:
        return replace(unknown, cycle=cycle, status=SupportStatus.RECENT, source=f"{nothing}; newer than all that are listed")
    line = min(newer, key=lambda line: _numbers(_parts(line.cycle)))
    if line.status == SupportStatus.ABANDONED:
        return unknown  # what shares a name's beginning (uClibc++ 0.2) is not the older version of it
    if line.status == SupportStatus.UNKNOWN or (line.ends is not None and line.ends <= known_on):
        return replace(line, cycle=cycle, source=f"{line.source}; {cycle} is older than {line.cycle}", mark=Mark.PROPOSAL)
    return unknown


def _numbers(parts: tuple[str, ...]) -> tuple[int, ...]:
    """The leading numeric components, for ordering."""
    numbers: list[int] = []
    for part in parts:
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
