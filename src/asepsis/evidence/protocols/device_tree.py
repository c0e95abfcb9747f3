"""Flattened device trees (Devicetree Specification 0.4, chapter 5). No I/O.

::

    0  D0 0D FE ED   4  size   8  offset of the structure   12  offset of the strings   20  version   32  size of the strings   36  of the structure
    structure   1 name NUL, aligned: a node begins   2: it ends   3 length name-offset value, aligned: a property   4: nothing   9: the end

All big-endian. Every step moves forward, so the walk ends with the bytes; nesting deeper than 64 is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\x0d\xfe\xed"
_HEADER = struct.Struct(">10I")
_BEGIN, _END_NODE, _PROPERTY, _NOTHING = 1, 2, 3, 4
_DEEPEST = 64
_LONGEST_NAME = 256


def properties(data: bytes | memoryview) -> Iterator[tuple[str, str, bytes, int]]:
    """Path of the node, name, value and offset of the value of each property, until the tree ends or makes no sense."""
    if len(data) < _HEADER.size:
        return
    _, _, structure, strings, *_, _, strings_size, size = _HEADER.unpack_from(data)
    at, end, path = structure, min(len(data), structure + size), list[str]()
    while at + 4 <= end and len(path) <= _DEEPEST:
        token = int.from_bytes(data[at : at + 4], "big")
        at += 4
        if token == _BEGIN:
            name = _text(data, at, end)
            at += _aligned(len(name) + 1)
            path.append(name.decode("ascii", "replace"))
        elif token == _END_NODE:
            path = path[:-1]
        elif token == _PROPERTY:
            length, name_at = int.from_bytes(data[at : at + 4], "big"), int.from_bytes(data[at + 4 : at + 8], "big")
            if name_at >= strings_size or at + 8 + length > end:
                return
            yield "/".join(path), _text(data, strings + name_at, len(data)).decode("ascii", "replace"), bytes(data[at + 8 : at + 8 + length]), at + 8
            at += 8 + _aligned(length)
        elif token != _NOTHING:
            return


def _aligned(length: int) -> int:
    return -(-length // 4) * 4


def _text(data: bytes | memoryview, at: int, end: int) -> bytes:
    return bytes(data[at : min(end, at + _LONGEST_NAME)]).split(b"\0", 1)[0]
