"""SQLite 3 database files, read page by page without a database engine. No I/O.

::

    file     0  "SQLite format 3" 0   16  page size (1 is 65536)   20  reserved bytes a page   56  text encoding: 1 UTF-8, 2 and 3 UTF-16
    page     0  type: 0D leaf, 05 interior of a table   3  number of cells   8  [interior: right-most child]   then 2 bytes of place a cell
                      0A leaf, 02 interior of an index, and of a table WITHOUT ROWID
    leaf     varint size, varint row id, record, [overflow page(4)]            interior   child(4), varint row id
    0A       varint size, record, [overflow page(4)]                           02         child(4), varint size, record, [overflow page(4)]
    record   varint header size, varints of types: 0 null, 1-6 integers, 7 float, 8 and 9 the numbers 0 and 1, even blob, odd text

All big-endian. Page 1 has the schema: type, name, table, root page, SQL. A record of a table without row ids has the columns of its primary key
first, then the others in their order. Source: "Database File Format" (sqlite.org), version 3.45.

Every page is visited once in a walk, so circles end; lengths are cut to what is looked at.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

MAGIC = b"SQLite format 3\0"
Value = int | float | str | bytes | None
_HEADER_BYTES = 100
_LEAF, _INTERIOR = 0x0D, 0x05
_INDEX_LEAF, _INDEX_INTERIOR = 0x0A, 0x02
_TREES = ((_LEAF, _INTERIOR), (_INDEX_LEAF, _INDEX_INTERIOR))
_ABOVE = frozenset({_INTERIOR, _INDEX_INTERIOR})
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_MOST_LOCAL = 64 * 1024
"""Bytes of one row that are looked at, unless somebody asks for more."""
_MOST_COLUMNS = 2000
_MOST_TABLES = 1000
_NO_COLUMN = frozenset({"primary", "unique", "check", "foreign", "constraint"})


class Broken(Exception):
    """The file is cut short or contradicts itself: ``what``, at ``offset``."""

    def __init__(self, what: str, offset: int) -> None:
        """Keep the place."""
        super().__init__(what)
        self.what, self.offset = what, offset


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its ``columns`` in the order that its records keep them, and the page its rows begin at."""

    name: str
    columns: tuple[str, ...]
    root: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row at ``offset`` in the file."""

    offset: int
    values: tuple[Value, ...]


class Pages:
    """The pages of one file. Raises ``Broken`` at birth if the header makes no sense."""

    def __init__(self, data: memoryview, longest: int = _MOST_LOCAL) -> None:
        """Read the header. ``longest`` is how many bytes of one row are looked at."""
        self._data, self._longest = data, longest
        head = bytes(data[:_HEADER_BYTES])
        size = int.from_bytes(head[16:18], "big")
        self.size = 65536 if size == 1 else size
        if len(head) < _HEADER_BYTES or not head.startswith(MAGIC) or self.size < 512 or self.size & (self.size - 1):  # noqa: PLR2004
            raise Broken("the header makes no sense", 16)
        self.usable = self.size - head[20]
        self.count = len(data) // self.size
        self.encoding = {2: "utf-16-le", 3: "utf-16-be"}.get(int.from_bytes(head[56:60], "big"), "utf-8")

    def tables(self) -> Iterator[Table]:
        """The tables of the schema. Virtual ones have no rows of their own."""
        for number, row in enumerate(self.rows(1)):
            if number >= _MOST_TABLES:
                raise Broken(f"the schema has more than {_MOST_TABLES} entries", row.offset)
            kind, name, _, root, sql = (*row.values, *[None] * 5)[:5]
            if kind == "table" and isinstance(name, str) and isinstance(root, int) and isinstance(sql, str) and root > 0:
                yield Table(name, key_first(sql) if self._kind(root) in _TREES[1] else columns(sql), root)

    def cells(self, root: int) -> int:
        """How many rows the table at ``root`` has."""
        return sum(count for _, kind, count in self._walk(root) if kind != _INTERIOR)

    def rows(self, root: int) -> Iterator[Row]:
        """The rows of the table at ``root``."""
        for page, kind, count in self._walk(root):
            if kind != _INTERIOR:
                for number in range(count):
                    yield self._row(page, number, kind)

    def _walk(self, root: int) -> Iterator[tuple[int, int, int]]:
        """Page, type and number of cells of each page of a tree, each before those below it."""
        waiting, seen = [root], set[int]()
        kinds = _TREES[1] if self._kind(root) in _TREES[1] else _TREES[0]
        while waiting:
            page = waiting.pop()
            if page in seen or not 0 < page <= self.count:
                raise Broken("a page leads in a circle or out of the file", (page - 1) * self.size)
            seen.add(page)
            at = self._start(page)
            kind, count = self._data[at], int.from_bytes(self._data[at + 3 : at + 5], "big")
            if kind not in kinds:
                raise Broken("a page of a table is of another kind", at)
            count = min(count, (self.size - 8) // 2)
            yield page, kind, count
            if kind in _ABOVE:
                waiting.append(int.from_bytes(self._data[at + 8 : at + 12], "big"))
                waiting.extend(int.from_bytes(self._cell(page, number, 12)[:4], "big") for number in reversed(range(count)))

    def _kind(self, page: int) -> int:
        """The type of a page, 0 if there is no such page."""
        return self._data[self._start(page)] if 0 < page <= self.count else 0

    def _start(self, page: int) -> int:
        return (page - 1) * self.size + (_HEADER_BYTES if page == 1 else 0)

    def _cell(self, page: int, number: int, pointers: int) -> memoryview:
        """The bytes from the beginning of a cell to the end of its page."""
        at = self._start(page) + pointers + 2 * number
        place = int.from_bytes(self._data[at : at + 2], "big")
        if not 0 < place < self.usable:
            raise Broken("a row lies outside its page", at)
        base = (page - 1) * self.size
        return self._data[base + place : base + self.usable]

    def _row(self, page: int, number: int, kind: int) -> Row:
        cell = self._cell(page, number, 12 if kind in _ABOVE else 8)
        offset = page * self.size - (self.size - self.usable) - len(cell)
        size, at = varint(cell, 4 if kind in _ABOVE else 0)
        most = (self.usable - 12) * 64 // 255 - 23
        if kind == _LEAF:
            _, at = varint(cell, at)
            most = self.usable - 35
        return Row(offset, self._values(self._payload(cell, at, size, most)))

    def _payload(self, cell: memoryview, at: int, size: int, most: int) -> bytes:
        """The bytes of a record, with what lies on overflow pages if it is longer than ``most``, cut to what is looked at."""
        local = size
        if size > most:
            least = (self.usable - 12) * 32 // 255 - 23
            local = least + (size - least) % (self.usable - 4)
            local = local if local <= most else least
        payload = bytearray(cell[at : at + local])
        following = int.from_bytes(cell[at + local : at + local + 4], "big") if size > local else 0
        wanted = min(size, self._longest)
        while len(payload) < wanted and 0 < following <= self.count:
            start = (following - 1) * self.size
            payload += self._data[start + 4 : start + self.usable][: wanted - len(payload)]
            following = int.from_bytes(self._data[start : start + 4], "big")
        return bytes(payload)

    def _values(self, record: bytes) -> tuple[Value, ...]:
        view = memoryview(record)
        end, at = varint(view, 0)
        types: list[int] = []
        while at < min(end, len(record)) and len(types) < _MOST_COLUMNS:
            kind, at = varint(view, at)
            types.append(kind)
        values, at = list[Value](), end
        for kind in types:
            size = _size(kind)
            values.append(_value(kind, record[at : at + size], self.encoding))
            at += size
        return tuple(values)


def varint(data: memoryview, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where the next one begins. What is not there counts as zero."""
    value = 0
    for number, byte in enumerate(bytes(data[at : at + 9])):
        if number == 8:  # noqa: PLR2004 - the ninth byte counts whole
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the last one
            return value, at + number + 1
    return value, len(data)


def _size(kind: int) -> int:
    if kind >= 12:  # noqa: PLR2004 - text and blobs
        return (kind - 12) // 2
    return 8 if kind == 7 else _INTEGERS.get(kind, 0)  # noqa: PLR2004 - a float


def _value(kind: int, data: bytes, encoding: str) -> Value:
    if kind >= 12:  # noqa: PLR2004 - even blob, odd text
        return data.decode(encoding, "replace") if kind % 2 else data
    if kind == 7:  # noqa: PLR2004 - a float
        return float(struct.unpack(">d", data)[0]) if len(data) == 8 else None  # noqa: PLR2004
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(data, "big", signed=True) if kind in _INTEGERS else None


_TOKEN = re.compile(r"\"((?:[^\"]|\"\")*)\"|`([^`]*)`|\[([^\]]*)\]|'((?:[^']|'')*)'|([(),])|--[^\n]*|/\*.*?\*/|([^\s\"`\[\](),']+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, or a comma, of a statement in ``depth`` parentheses; ``key`` in small letters, empty if it is quoted."""

    depth: int
    text: str
    key: str


def columns(sql: str) -> tuple[str, ...]:
    """The names of the columns of a ``CREATE TABLE``: the first word of each part in its outermost parentheses that is no constraint."""
    kept = (part for part in _parts(sql) if part and part[0].depth == 1 and part[0].key not in _NO_COLUMN and not _is_computed(part))
    return tuple(part[0].text for part in islice(kept, _MOST_COLUMNS))


def _is_computed(part: list[_Word]) -> bool:
    """Whether a column is made when it is read (``AS (…)``, not ``STORED``), and stands in no record."""
    words = {word.key for word in part[1:] if word.depth == 1}
    return "as" in words and "stored" not in words


def key_first(sql: str) -> tuple[str, ...]:
    """The columns of a table without row ids, in the order of its records: those of the primary key come first."""
    names = columns(sql)
    known = {name.lower(): name for name in names}
    return tuple(dict.fromkeys((*(known[key] for key in _primary_key(sql) if key in known), *names)))


def _primary_key(sql: str) -> list[str]:
    """The columns of ``PRIMARY KEY (a, b)``, or the one that is ``PRIMARY KEY`` itself."""
    for part in _parts(sql):
        outer = [word.key for word in part if word.depth == 1]
        if ("primary", "key") not in pairwise(outer):
            continue
        if outer[0] not in _NO_COLUMN:
            return [part[0].text.lower()]
        inner = [word for word in part if word.depth == 2]  # noqa: PLR2004 - the parentheses of the constraint
        return [word.text.lower() for before, word in zip([None, *inner], inner, strict=False) if before is None or before.key == ","]
    return []


def _parts(sql: str) -> Iterator[list[_Word]]:
    """What stands between the commas of the outermost parentheses."""
    depth, part = 0, list[_Word]()
    for found in _TOKEN.finditer(sql[:_MOST_LOCAL]):
        sign, word = found.group(5), found.group(6)
        quoted = next((group for group in found.groups()[:4] if group is not None), None)
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                break
        elif sign == "," and depth == 1:
            yield part
            part = []
        elif depth > 0 and (sign or word or quoted is not None):
            part.append(_Word(depth, quoted, "") if quoted is not None else _Word(depth, sign or word, (sign or word).lower()))
    yield part
