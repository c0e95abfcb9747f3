"""DICOM data elements as they are encoded (PS3.5, 7.1 and 7.5): where each begins and ends, through sequences. No I/O, no recursion.

Only the beginning of a data set need be there: an element that is cut off ends the walk, as does anything that is no element. Nothing is copied.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

IMPLICIT, BIG_ENDIAN, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1"
DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
"""Transfer syntaxes (PS3.6, annex A) by which a data set is compressed whole. All others but the first two above are explicit, little-endian."""
MAX_ELEMENTS = 8_192
MAX_DEPTH = 64
"""Sequences and their items, one in another."""

_UNDEFINED = 0xFFFFFFFF
_ITEM, _PIXELS = 0xFFFEE000, 0x7FE00010
_ENDS = frozenset({0xFFFEE00D, 0xFFFEE0DD})
_LONG_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_FIRST_ITEM = {"<": b"\xfe\xff\x00\xe0", ">": b"\xff\xfe\xe0\x00"}


class Element(NamedTuple):
    """An element that has a value of its own: group and element as one number, whether it stands in a sequence, where its value is."""

    tag: int
    nested: bool
    start: int
    end: int


class _Open(NamedTuple):
    """How the elements within an open sequence or item are written, and where it ends (None: where a delimiter says so)."""

    explicit: bool
    end: int | None


def is_explicit(data: bytes) -> bool:
    """Whether a data set of an unknown transfer syntax shows the VR of its first element, as an explicit one does."""
    return data[4:6] in _SHORT_VRS or data[4:6] in _LONG_VRS


def elements(data: bytes, *, explicit: bool, big: bool = False) -> Iterator[Element]:
    """The elements of a data set in order, those of sequences among them, up to the pixels; at most ``MAX_ELEMENTS``."""
    order = ">" if big else "<"
    header, first_item = struct.Struct(order + "HHI").unpack_from, _FIRST_ITEM[order]
    at, around = 0, [_Open(explicit, None)]
    for _ in range(MAX_ELEMENTS):
        _leave_what_ended(around, at)
        if at + 8 > len(data) or len(around) > MAX_DEPTH:
            return
        group, number, length = header(data, at)
        tag, start, vr = group << 16 | number, at + 8, b""
        if tag in _ENDS:
            del around[max(1, len(around) - 1) :]
            at = start
            continue
        if around[-1].explicit and tag != _ITEM:
            vr, start, length = _value_of_explicit(data, at, order)
        if not start or tag == _PIXELS:
            return
        if tag == _ITEM or _holds_items(vr, length, data[start : start + 4] == first_item):
            # What is in a value of unknown representation is implicit (PS3.5, 6.2.2, note 2).
            around.append(_Open(around[-1].explicit and vr != b"UN", None if length == _UNDEFINED else start + length))
            at = start
            continue
        at = start + length
        if at > len(data):
            return
        yield Element(tag, len(around) > 1, start, at)


def _leave_what_ended(around: list[_Open], at: int) -> None:
    while (end := around[-1].end) is not None and at >= end:
        around.pop()


def _holds_items(vr: bytes, length: int, begins_with_item: bool) -> bool:
    """A sequence: it says so, or has no other end than a delimiter, or (where no representation is told) begins as one."""
    return vr == b"SQ" or length == _UNDEFINED or (vr in {b"", b"UN"} and begins_with_item)


def _value_of_explicit(data: bytes, at: int, order: str) -> tuple[bytes, int, int]:
    """VR, start and length of the value of the element at ``at``; a start of 0 if it is no such element or its header is cut off."""
    vr = data[at + 4 : at + 6]
    if vr in _SHORT_VRS:
        return vr, at + 8, struct.unpack_from(order + "H", data, at + 6)[0]
    if vr in _LONG_VRS and at + 12 <= len(data):
        return vr, at + 12, struct.unpack_from(order + "I", data, at + 8)[0]
    return vr, 0, 0
