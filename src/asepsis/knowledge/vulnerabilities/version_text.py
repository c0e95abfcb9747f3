"""Versions as people write them in a field for one version: ``< 1.11.00``, ``>= 1.1 | <= 1.3.2``, ``vers:all/*``, ``6.12.*``, ``n/a``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from asepsis.model.vulnerability import Range

EVERY = Range()
"""From the first version, without end."""

_NOTHING = frozenset({"", "n/a", "na", "unspecified", "unknown", "none", "not specified", "multiple versions", "see references", "tbd"})
_ALL = frozenset({"*", "all", "all versions", "any", "vers:all/*"})
_COMPARED = re.compile(r"(<=|>=|<|>|=)?\s*(.+)")
_WILD = re.compile(r"v?((?:\d+\.)*)(\d+)(?:\.[*xX])+")
_WORDS = (
    (re.compile(r"^(?:prior to|before)\s+", re.IGNORECASE), "< "),
    (re.compile(r"^(?:up to and including|through|up to)\s+", re.IGNORECASE), "<= "),
)
_EARLIER = re.compile(r"^(\S+)\s+and\s+(?:earlier|prior|below|older)$", re.IGNORECASE)
_LATER = re.compile(r"^(\S+)\s+and\s+(?:later|newer|above)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said: ``ranges`` and single ``versions``, or ``unknown``: some version is meant, but not which."""

    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    unknown: bool = False


UNKNOWN = Said((EVERY,), unknown=True)


def bound(version: str) -> str | None:
    """A bound as it is compared: empty for "no bound" (``0``, ``*``), None for words that say nothing (``unspecified``)."""
    word = version.strip()
    if word.lower() in _NOTHING:
        return None
    return "" if word in {"0", "*"} or word.lower() in _ALL else word


def up_to(last: str) -> Range:
    """Everything up to and with ``last``, which may end in a wildcard (``6.12.*`` is everything before 6.13)."""
    wild = _WILD.fullmatch(last)
    return Range(fixed=_next(wild)) if wild else Range(last=last)


def said(text: str) -> Said:
    """The meaning of a version as written."""
    whole = " ".join(text.split())
    if whole.lower() in _ALL:
        return Said((EVERY,))
    if whole.lower() in _NOTHING:
        return UNKNOWN
    words = re.sub(r"^vers:[a-z0-9.+-]+/", "", whole)
    parts = [part.strip() for part in re.split(r"[|,]", words) if part.strip()]
    return _ranged(parts) if any(re.match(r"[<>]", _plain(part)) for part in parts) else _single(parts)


def _plain(part: str) -> str:
    """Words for a comparison as a comparison."""
    for words, sign in _WORDS:
        part = words.sub(sign, part)
    part = _EARLIER.sub(r"<= \1", part)
    return _LATER.sub(r">= \1", part)


def _ranged(parts: list[str]) -> Said:
    """Comparisons in a row: each lower bound opens a range that the next upper bound closes."""
    ranges: list[Range] = []
    versions: list[str] = []
    low: Range | None = None
    for part in parts:
        match = _COMPARED.fullmatch(_plain(part))
        sign, version = (match[1] or "=", match[2].strip()) if match else ("=", part)
        if sign in {">", ">="}:
            ranges += [low] if low else []
            low = Range(introduced=version, introduced_excluded=sign == ">")
        elif sign in {"<", "<="}:
            high = up_to(version) if sign == "<=" else Range(fixed=version)
            ranges.append(Range(low.introduced, high.fixed, high.last, low.introduced_excluded) if low else high)
            low = None
        else:
            versions.append(version)
    return Said((*ranges, *([low] if low else [])), tuple(versions))


def _single(parts: list[str]) -> Said:
    """Single versions, of which some may end in a wildcard."""
    wild = [(part, _WILD.fullmatch(part)) for part in parts]
    ranges = tuple(Range(introduced=match[1] + match[2], fixed=_next(match)) for _, match in wild if match)
    return Said(ranges, tuple(part.removeprefix("=").strip() for part, match in wild if not match))


def _next(match: re.Match[str]) -> str:
    """``6.12.*`` → ``6.13``."""
    return f"{match[1]}{int(match[2][:18]) + 1}"
