"""Registry hives made by script: a tree of keys becomes the bytes of a ``regf`` file."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

NOTHING = 0xFFFFFFFF
SEGMENT = 16_344


def sz(text: str) -> tuple[int, bytes]:
    return 1, (text + "\0").encode("utf-16-le")


def dword(number: int) -> tuple[int, bytes]:
    return 4, struct.pack("<I", number)


def binary(data: bytes) -> tuple[int, bytes]:
    return 3, data


Tree = dict[str, "tuple[int, bytes] | Tree"]
"""A key: values are pairs of kind and bytes, subkeys trees. The empty name is the nameless value."""


@dataclass
class Maker:
    """Cells one after the other; ``wide`` writes names as UTF-16, ``listed`` is the kind of the lists of subkeys."""

    wide: bool = False
    listed: bytes = b"lf"
    cells: bytearray = field(default_factory=lambda: bytearray(32))

    def cell(self, content: bytes) -> int:
        offset = len(self.cells)
        size = (len(content) + 4 + 7) // 8 * 8
        self.cells += struct.pack("<i", -size) + content.ljust(size - 4, b"\0")
        return offset

    def name(self, text: str) -> bytes:
        return text.encode("utf-16-le") if self.wide else text.encode("latin-1")

    def value(self, name: str, kind: int, data: bytes) -> int:
        if len(data) <= 4:
            size, place = len(data) | 0x80000000, data.ljust(4, b"\0")
        else:
            size, place = len(data), struct.pack("<I", self.big(data) if len(data) > SEGMENT else self.cell(data))
        raw = self.name(name)
        return self.cell(struct.pack("<2sHI4sIHH", b"vk", len(raw), size, place, kind, 0 if self.wide else 1, 0) + raw)

    def big(self, data: bytes) -> int:
        parts = [self.cell(data[i : i + SEGMENT]) for i in range(0, len(data), SEGMENT)]
        return self.cell(struct.pack("<2sHI", b"db", len(parts), self.cell(struct.pack(f"<{len(parts)}I", *parts))))

    def subkeys(self, offsets: list[int]) -> int:
        if not offsets:
            return NOTHING
        if self.listed == b"ri":
            inner = [self.cell(struct.pack("<2sHI", b"li", 1, offset)) for offset in offsets]
            return self.cell(struct.pack(f"<2sH{len(inner)}I", b"ri", len(inner), *inner))
        entries = b"".join(struct.pack("<I", offset) + (b"" if self.listed == b"li" else b"hash") for offset in offsets)
        return self.cell(struct.pack("<2sH", self.listed, len(offsets)) + entries)

    def key(self, name: str, tree: Tree) -> int:
        below = self.subkeys([self.key(child, what) for child, what in tree.items() if isinstance(what, dict)])
        values = [self.value(child, *what) for child, what in tree.items() if isinstance(what, tuple)]
        listed = self.cell(struct.pack(f"<{len(values)}I", *values)) if values else NOTHING
        count, raw = sum(isinstance(what, dict) for what in tree.values()), self.name(name)
        head = struct.pack(
            "<2sHQIIIIIIIIII", b"nk", 0 if self.wide else 0x20, 0, 0, 0, count, 0, below, NOTHING, len(values), listed, NOTHING, NOTHING
        )
        return self.cell(head + bytes(20) + struct.pack("<HH", len(raw), 0) + raw)


def hive(tree: Tree, *, clean: bool = True, wide: bool = False, listed: bytes = b"lf") -> bytes:
    """The bytes of a hive whose root is ``tree``."""
    maker = Maker(wide, listed)
    root = maker.key("ROOT", tree)
    bins = bytes(maker.cells).ljust((len(maker.cells) + 4095) // 4096 * 4096, b"\0")
    bins = struct.pack("<4sII", b"hbin", 0, len(bins)) + bins[12:]
    head = struct.pack("<4sIIQIIIIII", b"regf", 7, 7 if clean else 6, 0, 1, 5, 0, 1, root, len(bins))
    return head.ljust(4096, b"\0") + bins


def path(words: str, leaf: Tree) -> Tree:
    r"""``leaf`` at ``a\b\c``."""
    for word in reversed(words.split("\\")):
        leaf = {word: leaf}
    return leaf


def merged(*trees: Tree) -> Tree:
    """Several trees as one."""
    whole: Tree = {}
    for tree in trees:
        for name, what in tree.items():
            old = whole.get(name)
            whole[name] = merged(old, what) if isinstance(old, dict) and isinstance(what, dict) else what
    return whole
