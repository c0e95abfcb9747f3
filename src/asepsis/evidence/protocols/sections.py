"""Sections of ELF and PE programs by their names. No I/O.

The loader does not need them, so :mod:`asepsis.evidence.protocols.elf` and :mod:`asepsis.evidence.protocols.pe` do not keep their names; what a
compiler leaves beside the code is found by nothing else.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from asepsis.guard.source import BoundedSource, OutOfBounds

_MOST = 4096


class _Elf(NamedTuple):
    """What differs between the classes: where the header names the table, where a section's header has its place and size, and their layout."""

    start: int
    place: int
    number: str


_CLASSES = {1: _Elf(32, 16, "I"), 2: _Elf(40, 24, "Q")}


def section(source: BoundedSource, name: bytes) -> BoundedSource | None:
    """The bytes of the first section called ``name``; None if there is none, or if its table leads out of the file."""
    head = bytes(source.buffer[:6])
    try:
        if head[:4] == b"\x7fELF":
            return _of_elf(source, name, _CLASSES[head[4]], ">" if head[5] == 2 else "<")  # noqa: PLR2004
        return _of_pe(source, name) if head[:2] == b"MZ" else None
    except (OutOfBounds, KeyError, IndexError):
        return None


def _unpack(source: BoundedSource, layout: str, at: int) -> tuple[int, ...]:
    return struct.unpack(layout, source.window(at, struct.calcsize(layout)).buffer)


def _of_elf(source: BoundedSource, name: bytes, kind: _Elf, order: str) -> BoundedSource | None:
    (table,) = _unpack(source, order + kind.number, kind.start)
    each, count, names = _unpack(source, order + "HHH", kind.start + struct.calcsize(kind.number) + 10)
    place, size = _unpack(source, order + kind.number * 2, table + names * each + kind.place)
    texts = bytes(source.window(place, size).buffer)
    for number in range(min(count, _MOST)):
        header = table + number * each
        (at,) = _unpack(source, order + "I", header)
        if texts[at : at + len(name) + 1] == name + b"\0":
            return source.window(*_unpack(source, order + kind.number * 2, header + kind.place))
    return None


def _of_pe(source: BoundedSource, name: bytes) -> BoundedSource | None:
    (head,) = _unpack(source, "<I", 60)
    count, optional = _unpack(source, "<H12xH", head + 6)
    for number in range(min(count, _MOST)):
        row = head + 24 + optional + 40 * number
        if bytes(source.window(row, 8).buffer).rstrip(b"\0") == name:
            size, in_file, place = _unpack(source, "<I4xII", row + 8)
            return source.window(place, min(size, in_file))
    return None
