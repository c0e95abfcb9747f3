"""Text from a device, made safe to show: nothing invisible stays invisible, nothing endless stays endless.

Escaping for a format (HTML, JSON, a URI) is the exporter's own business; this is what all of them need before it.
"""

from __future__ import annotations

import textwrap
import unicodedata

LIMIT_CHARACTERS = 600
"""Longer text is shown by its two ends; no sentence and no honest path is longer."""

_SMALL = frozenset({"A", "An", "The", "This", "Every", "Each", "All", "No", "One", "Some", "Only", "Whoever", "Its"})
"""First words that are certainly no name and no abbreviation."""
_LAST_CONTROL = 0x9F
_BYTES = range(0xDC80, 0xDD00)  # how Python keeps a byte of a file name that is not UTF-8


def visible(text: str, limit: int = LIMIT_CHARACTERS) -> str:
    r"""The text with control characters and odd bytes as ``\x1b`` and ``\xff``, and marks that turn or hide text as ``⟨U+202E⟩``.

    Text longer than ``limit`` characters keeps its two ends, and says how long it was.
    """
    length = len(text)
    if length > limit:
        head, tail = limit * 2 // 3, limit // 3
        return f"{_shown(text[:head])} … {_shown(text[-tail:])} ({length:,} characters)"
    return _shown(text)


def clip(text: str, width: int) -> str:
    """The visible text in at most ``width`` characters, ending in … where something was left out."""
    shown = _shown(text[: width + 1])
    return shown if len(shown) <= width else shown[: width - 1].rstrip() + "…"


def wrap(text: str, width: int, first: str = "", rest: str = "", limit: int = LIMIT_CHARACTERS) -> list[str]:
    """The visible text in lines of at most ``width`` characters, each beginning with its indent."""
    return textwrap.wrap(visible(text, limit), width, initial_indent=first, subsequent_indent=rest) or [first.rstrip()]


def count(number: int, one: str, many: str = "") -> str:
    """``1 path``, ``3 paths``, ``no path``."""
    if number == 0:
        return f"no {one}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """A share in percent, rounded down: only everything is 100 %."""
    if whole <= 0:
        return "0 %"
    return f"{min(part, whole) * 100 // whole} %"


def join(words: tuple[str, ...] | list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)


def some(names: tuple[str, ...] | list[str], most: int = 3) -> str:
    """``a, b, c and 4 more``, or all of them joined where they are not too many."""
    return f"{', '.join(names[:most])} and {len(names) - most:,} more" if len(names) > most else join(names)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def clause(text: str) -> str:
    """A sentence as it stands inside another: no full stop, and a small first letter where the word is no name (``A nurse``, ``The dose``)."""
    first, space, rest = text.rstrip(". ").partition(" ")
    return (first.lower() if first in _SMALL else first) + space + rest


def _shown(text: str) -> str:
    return text if text.isprintable() else "".join(map(_character, text))


def _character(character: str) -> str:
    if character.isprintable():
        return character
    if unicodedata.category(character) == "Zs":  # the spaces of other widths
        return " "
    return _unprintable(ord(character))


def _unprintable(code: int) -> str:
    if code in _BYTES:
        return f"\\x{code - _BYTES.start + 0x80:02x}"
    return f"\\x{code:02x}" if code <= _LAST_CONTROL else f"⟨U+{code:04X}⟩"
