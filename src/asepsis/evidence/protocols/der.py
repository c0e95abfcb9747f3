"""The outer shape of DER and BER (ITU-T X.690): tags and lengths, never values. No I/O, no recursion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SEQUENCE, INTEGER, OCTETS = 0x30, 0x02, 0x04
_LONG = 0x80
_MOST_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a buffer: its ``tag`` (low form only), where its content begins and ends."""

    tag: int
    start: int
    end: int


def element(data: bytes, at: int = 0) -> Element | None:
    """The element at ``at``; None if it has an indefinite length or does not fit."""
    if at + 2 > len(data):
        return None
    length, start = data[at + 1], at + 2
    if length >= _LONG:
        count = length - _LONG
        if not 0 < count <= _MOST_LENGTH_BYTES:
            return None
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    return Element(data[at], start, start + length) if start + length <= len(data) else None


def children(data: bytes, parent: Element, most: int = 64) -> Iterator[Element]:
    """The first ``most`` elements inside ``parent``; ends at the first that does not fit."""
    at = parent.start
    for _ in range(most):
        child = element(data[: parent.end], at) if at < parent.end else None
        if child is None:
            return
        yield child
        at = child.end


def size(data: bytes) -> int:
    """Bytes of the element that ``data`` begins with, header included; 0 if it does not fit."""
    whole = element(data)
    return whole.end if whole else 0


_PBE = re.compile(rb"\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05[\x01-\x0c]|\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01[\x01-\x06])\x30[\x00-\x7f]\x04")
_SCRYPT = b"\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b"
COSTLY = 1 << 62
"""Stands for a derivation that is not tried at all."""


def derivation_cost(data: bytes) -> int:
    """The iterations that all visible password-based schemes of ``data`` ask for (RFC 8018, RFC 7292); ``COSTLY`` where they cannot be told."""
    if _SCRYPT in data:
        return COSTLY
    return sum(_iterations(data, found.end() - 1) for found in _PBE.finditer(data))


def _iterations(data: bytes, at: int) -> int:
    """The INTEGER after the salt at ``at``."""
    salt = element(data, at)
    count = element(data, salt.end) if salt else None
    if not count or count.tag != INTEGER or count.end - count.start > _MOST_LENGTH_BYTES:
        return COSTLY
    return int.from_bytes(data[count.start : count.end], "big")
