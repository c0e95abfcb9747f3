"""Registry hives (``regf``), as far as wanted keys need them. No I/O.

A hive is a base block of 4,096 bytes, then bins of cells. Offsets count from the end of the base block; a cell begins with its size as a signed
number (negative when in use)::

    nk  key     flags 2 · time 8 · … · subkeys 20 · list 28 · values 36 · list 40 · name length 72 · name 76
    vk  value   name length 2 · data size 4 · data 8 · kind 12 · flags 16 · name 20
    lf lh li    list of keys; ri a list of such lists; db data in segments of 16,344 bytes

Only the way to wanted keys is gone, so neither depth nor cycles can grow: every step uses up a word of a wanted path. What is visited is counted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.protocols.registry.key import Key, Meaning, Value, Wanted
from asepsis.guard.limits import MIB, LimitReached
from asepsis.guard.source import BoundedSource, OutOfBounds

BASE_BYTES = 4096
MAGIC = b"regf"
MOST_CELLS, MOST_BYTES = 500_000, 128 * MIB
"""Visited and copied in one hive; the wanted keys of a real one need some ten thousand cells."""
MOST_VALUES = 2048
"""Of one key; a service has a dozen, the largest key of settings some hundred."""
LARGEST_VALUE = 64 * 1024
_SEGMENT = 16_344
_NOTHING = 0xFFFFFFFF
_KEY = struct.Struct("<2sH8x4x4xI4xI4xII4x4x20xHH")
_VALUE = struct.Struct("<2sHIIIH2x")
_ASCII_NAME, _ASCII_VALUE_NAME = 0x20, 0x1
_INLINE = 0x80000000
_LISTS = {b"lf": 8, b"lh": 8, b"li": 4, b"ri": 4}
"""Kind of list → bytes of an entry."""


class Broken(Exception):
    """A cell is not what it should be."""

    def __init__(self, what: str, offset: int) -> None:
        """``offset`` counts from the start of the file."""
        super().__init__(what)
        self.what, self.offset = what, offset


@dataclass(frozen=True, slots=True)
class Node:
    """A key as it lies in the hive, its subkeys and values not yet read."""

    name: str
    offset: int
    subkeys: int
    values: tuple[int, int]


@dataclass(slots=True)
class Hive:
    """The hive in ``source``. ``broken`` collects what could not be followed; the rest is read all the same."""

    source: BoundedSource
    broken: list[Broken] = field(default_factory=list)
    _cells: int = 0
    _bytes: int = 0

    @property
    def clean(self) -> bool:
        """Whether the last writing was finished; otherwise the newest changes are in the ``.LOG`` files beside it."""
        first, second = struct.unpack_from("<II", self.source.window(4, 8).buffer)
        return bool(first == second)

    def root(self) -> Node:
        """The root key. Raises ``Broken`` and ``OutOfBounds``."""
        return self._node(struct.unpack_from("<I", self.source.window(0x24, 4).buffer)[0])

    def children(self, node: Node) -> Iterator[Node]:
        """The subkeys that can be read; faults go to ``broken``."""
        for offset in self._offsets(node.subkeys):
            try:
                child = self._node(offset)
            except (Broken, OutOfBounds) as error:
                self._note(error, offset)
            else:
                yield child

    def key(self, node: Node, path: str) -> Key:
        """The key with its values."""
        return Key(path, node.name, self.source.where(offset=node.offset), {value.name.lower(): value for value in self._values(node)})

    def _note(self, error: Broken | OutOfBounds, offset: int) -> None:
        if len(self.broken) < MOST_VALUES:
            self.broken.append(error if isinstance(error, Broken) else Broken("a cell lies outside the hive", BASE_BYTES + offset))

    def _cell(self, offset: int, most: int) -> tuple[int, bytes]:
        """Where a cell's content is in the file, and its first ``most`` bytes. Raises ``Broken`` for a cell that is free or empty."""
        at = BASE_BYTES + offset
        size = -struct.unpack("<i", self.source.window(at, 4).buffer)[0]
        if size <= 4:  # noqa: PLR2004 - the size itself
            raise Broken("a cell that is not in use", at)
        length = min(size - 4, most)
        self._cells, self._bytes = self._cells + 1, self._bytes + length
        if self._cells > MOST_CELLS:
            raise LimitReached("registry_cells", MOST_CELLS, self._cells)
        if self._bytes > MOST_BYTES:
            raise LimitReached("registry_bytes", MOST_BYTES, self._bytes)
        return at + 4, bytes(self.source.window(at + 4, length).buffer)

    def _node(self, offset: int) -> Node:
        at, cell = self._cell(offset, 76 + 2 * 256)
        if len(cell) < _KEY.size or cell[:2] != b"nk":
            raise Broken("no key where one should be", at)
        _, flags, subkeys, below, values, listed, length, _ = _KEY.unpack_from(cell)
        raw = cell[_KEY.size : _KEY.size + length]
        name = raw.decode("latin-1" if flags & _ASCII_NAME else "utf-16-le", "replace")
        return Node(name, at, below if subkeys and below != _NOTHING else _NOTHING, (values, listed))

    def _offsets(self, listed: int) -> Iterator[int]:
        """Where the subkeys of a list lie; a list of lists has one level."""
        kind, entries = self._list(listed)
        if kind != b"ri":
            yield from entries
            return
        for further in entries:
            inner, keys = self._list(further)
            if inner != b"ri":
                yield from keys

    def _list(self, listed: int) -> tuple[bytes, list[int]]:
        """The kind of a list and its entries; none if it cannot be read."""
        if listed == _NOTHING:
            return b"", []
        try:
            at, cell = self._cell(listed, 4)
            count, step = int.from_bytes(cell[2:4], "little"), _LISTS.get(cell[:2], 0)
            at, cell = self._cell(listed, 4 + count * step)
        except (Broken, OutOfBounds) as error:
            self._note(error, listed)
            return b"", []
        if not step:
            self._note(Broken("no list of keys where one should be", at), listed)
            return b"", []
        return cell[:2], [int.from_bytes(cell[4 + i * step : 8 + i * step], "little") for i in range(min(count, (len(cell) - 4) // step))]

    def _values(self, node: Node) -> Iterator[Value]:
        count, listed = node.values
        if not count or listed == _NOTHING:
            return
        try:
            at, cell = self._cell(listed, 4 * MOST_VALUES)
        except (Broken, OutOfBounds) as error:
            self._note(error, listed)
            return
        if count > MOST_VALUES or len(cell) < 4 * count:
            self._note(Broken("a key claims more values than it lists or than are read", at), listed)
        for offset in struct.unpack_from(f"<{min(count, len(cell) // 4)}I", cell):
            try:
                yield self._value(offset)
            except (Broken, OutOfBounds) as error:
                self._note(error, offset)

    def _value(self, offset: int) -> Value:
        at, cell = self._cell(offset, 20 + 2 * 512)
        if len(cell) < _VALUE.size or cell[:2] != b"vk":
            raise Broken("no value where one should be", at)
        _, length, size, data, kind, flags = _VALUE.unpack_from(cell)
        name = cell[_VALUE.size : _VALUE.size + length].decode("latin-1" if flags & _ASCII_VALUE_NAME else "utf-16-le", "replace")
        if size & _INLINE:
            return Value(name, kind, cell[8 : 8 + min(size & 0xFF, 4)], self.source.where(offset=at))
        return Value(name, kind, self._data(data, size) if size else b"", self.source.where(offset=at))

    def _data(self, offset: int, size: int) -> bytes:
        """The data of a value; of one that is larger than any setting only the beginning."""
        wanted = min(size, LARGEST_VALUE)
        _, cell = self._cell(offset, wanted)
        if size <= _SEGMENT or cell[:2] != b"db":
            return cell[:wanted]
        _, places = self._cell(int.from_bytes(cell[4:8], "little"), 4 * (LARGEST_VALUE // _SEGMENT + 1))
        parts = [
            self._cell(place, _SEGMENT)[1] for place in struct.unpack_from(f"<{len(places) // 4}I", places)[: int.from_bytes(cell[2:4], "little")]
        ]
        return b"".join(parts)[:wanted]


def walk(hive: Hive, node: Node, wanted: tuple[Wanted, ...], path: str) -> Iterator[tuple[Key, tuple[Meaning, ...]]]:
    """Every wanted key at and below ``node``, whose own path is ``path``, with its meanings."""
    meanings = tuple(meaning for one in wanted for meaning in one.meanings)
    if meanings:
        yield hive.key(node, path), meanings
    if not any(one.anything_below for one in wanted):
        return
    for child in hive.children(node):
        further = tuple(found for one in wanted for found in one.below(child.name.lower()))
        if further:
            yield from walk(hive, child, further, f"{path}\\{child.name.lower()}" if path else child.name.lower())
