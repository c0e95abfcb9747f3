"""A Windows registry hive (regf 1.3), as small as a reader accepts: keys, values, no security descriptors.

A header of 4,096 bytes (magic, sequence numbers, root cell, size, checksum), then one hive bin (``hbin``) with cells. A cell starts with its size,
negative while in use. Cells here: ``nk`` a key, ``lf`` its list of subkeys, ``vk`` a value, plain data. Offsets count from the first bin.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

BIN, HEADER = 4096, 4096
REG_SZ, REG_BINARY, REG_DWORD = 1, 3, 4
FILETIME = 133_485_408_000_000_000
NONE = 0xFFFFFFFF
Tree = dict[str, dict[str, "str | int | bytes"]]


@dataclass(slots=True)
class Hive:
    """Cells are appended; each method gives the offset of its cell."""

    cells: bytearray = field(default_factory=lambda: bytearray(32))

    def cell(self, data: bytes) -> int:
        """Append one cell in use."""
        offset = len(self.cells)
        size = (len(data) + 4 + 7) // 8 * 8
        self.cells += struct.pack("<i", -size) + data.ljust(size - 4, b"\0")
        return offset

    def value(self, name: str, data: str | int | bytes) -> int:
        """A ``vk`` cell; up to four bytes of data stand in it."""
        kind, raw = encoded(data)
        place, size = (int.from_bytes(raw.ljust(4, b"\0"), "little"), len(raw) | 0x80000000) if len(raw) <= 4 else (self.cell(raw), len(raw))
        return self.cell(struct.pack("<2sHIIIHH", b"vk", len(name), size, place, kind, 1, 0) + name.encode("latin-1"))

    def key(self, name: str, parent: int, node: Node, *, root: bool = False) -> int:
        """An ``nk`` cell and everything below it. The root's is the first cell, as in every hive of Windows, so it is filled in at the end."""
        place = self.cell(bytes(76 + len(name)))
        values = [self.value(*item) for item in node.values.items()]
        value_list = self.cell(struct.pack(f"<{len(values)}I", *values)) if values else NONE
        below = [(key, self.key(key, place, child)) for key, child in sorted(node.keys.items(), key=lambda item: item[0].upper())]
        list_entries = b"".join(struct.pack("<I4s", child, key.encode()[:4]) for key, child in below)
        key_list = self.cell(struct.pack("<2sH", b"lf", len(below)) + list_entries) if below else NONE
        head = struct.pack("<2sHQI", b"nk", 0x2C if root else 0x20, FILETIME, 0)
        numbers = struct.pack("<14I", parent, len(below), 0, key_list, NONE, len(values), value_list, NONE, NONE, 0, 0, 0, 0, 0)
        raw = head + numbers + struct.pack("<HH", len(name), 0) + name.encode("latin-1")
        self.cells[place + 4 : place + 4 + len(raw)] = raw
        return place


@dataclass(slots=True)
class Node:
    """A key before it is written."""

    values: dict[str, str | int | bytes] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)


def encoded(data: str | int | bytes) -> tuple[int, bytes]:
    """Type and bytes of a value."""
    match data:
        case str():
            return REG_SZ, data.encode("utf-16-le") + b"\0\0"
        case int():
            return REG_DWORD, struct.pack("<I", data)
        case _:
            return REG_BINARY, data


def hive(tree: Tree) -> bytes:
    """A hive with the given keys, whose parts are divided by backslashes, and their values."""
    top = Node()
    for path, values in tree.items():
        node = top
        for part in path.split("\\"):
            node = node.keys.setdefault(part, Node())
        node.values.update(values)
    hive_ = Hive()
    root = hive_.key("ROOT", 0, top, root=True)
    size = (len(hive_.cells) + 4 + BIN - 1) // BIN * BIN
    free = size - len(hive_.cells)
    hive_.cells += struct.pack("<i", free) + bytes(free - 4)
    struct.pack_into("<4sIIQQI", hive_.cells, 0, b"hbin", 0, size, 0, FILETIME, 0)
    return _header(root, size) + bytes(hive_.cells)


def _header(root: int, size: int) -> bytes:
    head = bytearray(HEADER)
    struct.pack_into("<4sIIQIIIIIII", head, 0, b"regf", 1, 1, FILETIME, 1, 3, 0, 1, root, size, 1)
    head[48 : 48 + 16] = "SOFTWARE".encode("utf-16-le")
    checksum = 0
    for (word,) in struct.iter_unpack("<I", bytes(head[:508])):
        checksum ^= word
    struct.pack_into("<I", head, 508, {0: 1, NONE: NONE - 1}.get(checksum, checksum))
    return bytes(head)
