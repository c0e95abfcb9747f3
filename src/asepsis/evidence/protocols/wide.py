"""Text in UTF-16 for readers of bytes: whole files as Windows programs save them, and the texts inside Windows programs. No I/O.

A copy in UTF-8 is searched instead; its places are those of the file. A file is taken for UTF-16 by its byte order mark, or if nearly every
one of its first units is printable ASCII.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE
from collections.abc import Callable, Iterator

from asepsis.guard.limits import KIB, MIB, LimitReached
from asepsis.guard.source import BoundedSource

MOST_TEXT = 8 * MIB
"""Bytes of a text in UTF-16."""
MOST_PROGRAM = 64 * MIB
"""Bytes of a program whose texts are taken out."""
MOST_TEXTS = 200_000
"""Texts of one program."""
_UNITS, _FEWEST, _NEARLY = 256, 16, 0.95
_PLAIN = bytes([*range(0x20, 0x7F), 9, 10, 13])
_TEXT = re.compile(rb"(?:[\x20-\x7e\t\r\n]\0){6,4096}")
_SHAPE = bytes(ord("a" if byte in _PLAIN else "0" if not byte else ".") for byte in range(256))
_BEGINNING = b"a0" * 6
"""A text's first six units once every byte stands for its kind: looking for these words is ten times as fast as trying ``_TEXT`` at every byte."""
_PART = 16 * KIB
"""Bytes looked at together: small enough for the processor's cache."""


def wide_text(source: BoundedSource) -> BoundedSource | None:
    """A text in UTF-16 as UTF-8, None if the file is none. Raises ``LimitReached``."""
    found = _encoding(bytes(source.buffer[: 2 * _UNITS]))
    if found is None:
        return None
    if source.size > MOST_TEXT:
        raise LimitReached("parse_file_bytes", MOST_TEXT, source.size)
    encoding, mark = found
    copy = bytes(source.buffer[mark:]).decode(encoding, "replace").encode()
    return source.copy(copy, _place_in_text(copy, mark))


def _encoding(head: bytes) -> tuple[str, int] | None:
    """The encoding, and how long its mark is."""
    if head.startswith(BOM_UTF16_LE) and not head.startswith(BOM_UTF32_LE):
        return "utf-16-le", 2
    if head.startswith(BOM_UTF16_BE):
        return "utf-16-be", 2
    if head.count(0) < _NEARLY * _FEWEST:  # as in nearly every text
        return None
    for encoding, low in (("utf-16-le", 0), ("utf-16-be", 1)):
        if _is_nearly_plain(head[low::2], head[1 - low :: 2]):
            return encoding, 0
    return None


def _is_nearly_plain(low: bytes, high: bytes) -> bool:
    """Whether nearly all units, of which these are the halves, are printable ASCII."""
    units = min(len(low), len(high))
    enough = _NEARLY * units
    if units < _FEWEST or high.count(0) < enough:  # counting is fast, and settles it for nearly every file
        return False
    return sum(1 for unit, zero in zip(low, high, strict=False) if not zero and unit in _PLAIN) >= enough


def _place_in_text(copy: bytes, mark: int) -> Callable[[int], int]:
    if copy.isascii():
        return lambda offset: mark + 2 * offset
    return lambda offset: mark + len(copy[:offset].decode("utf-8", "ignore").encode("utf-16-le"))


def wide_strings(source: BoundedSource) -> BoundedSource | None:
    """The texts in UTF-16 of a Windows program, each after a zero byte; None for other files. Raises ``LimitReached``."""
    if bytes(source.buffer[:2]) != b"MZ":
        return None
    if source.size > MOST_PROGRAM:
        raise LimitReached("parse_file_bytes", MOST_PROGRAM, source.size)
    texts, here, there, length = [b""], [0], [0], 1
    for found in _texts(source.buffer):
        if len(texts) > MOST_TEXTS:
            raise LimitReached("matches_per_file", MOST_TEXTS, len(texts))
        texts.append(found.group()[::2])
        here.append(length)
        there.append(found.start())
        length += len(texts[-1]) + 1
    return source.copy(b"\0".join(texts), _place_in_program(here, there)) if len(texts) > 1 else None


def _texts(data: memoryview) -> Iterator[re.Match[bytes]]:
    """What ``_TEXT.finditer`` finds."""
    at = 0
    for start in range(0, len(data), _PART):
        shape = bytes(data[start : start + _PART + len(_BEGINNING) - 1]).translate(_SHAPE)
        while (place := shape.find(_BEGINNING, max(0, at - start))) >= 0:
            found = _TEXT.match(data, start + place)
            assert found is not None  # noqa: S101 - for the type checker: its beginning was seen
            yield found
            at = found.end()


def _place_in_program(here: list[int], there: list[int]) -> Callable[[int], int]:
    def place(offset: int) -> int:
        number = bisect_right(here, offset) - 1
        return there[number] + 2 * (offset - here[number])

    return place
