"""Hash tables of Berkeley DB, read page by page without the library: the package database of RPM before 4.16. No I/O.

::

    page 0   12  magic 061561(4)  version(4)  page size(4)    25  type 8    32  last page(4)
    page      8  own number(4)  previous(4)  next(4)   20  entries(2)  bytes of an overflow page(2)   25  type: 2 and 13 hash, 7 overflow
             26  [hash: 2 bytes of place for each entry, keys and values in turn]   [overflow: data]
    entry     0  type: 1 the bytes themselves, 3 elsewhere: 4 first overflow page(4)  length(4)

In the byte order of the machine that wrote it, which the magic shows. Source: ``db_page.h`` of Berkeley DB 5.3, as its documentation describes it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.reader import Malformed, NotThisFormat
from asepsis.guard.source import BoundedSource

_MAGIC = 0x061561
MAGICS = {struct.pack(order + "I", _MAGIC): order for order in "<>"}
"""The four bytes at 12 → the byte order."""
_PAGE_HEADER = 26
_HASH_META, _OVERFLOW = 8, 7
_HASHES = frozenset({2, 13})
_HERE, _ELSEWHERE = 1, 3
_SIZES = range(512, 65_537)
_LONGEST = 16 * 1024 * 1024


def records(source: BoundedSource) -> Iterator[tuple[int, bytes]]:
    """Place and bytes of each value. Raises ``NotThisFormat`` if it is no hash table, ``Malformed`` or ``OutOfBounds`` where it leads astray."""
    head = source.window(0, 72).buffer
    order = MAGICS.get(bytes(head[12:16]), "")
    size = struct.unpack_from(order + "I", head, 20)[0] if order else 0
    if head[25] != _HASH_META or size not in _SIZES or size & (size - 1):
        raise NotThisFormat
    table = _Table(source, order, size)
    for number in range(1, source.size // size):
        yield from table.values(number)


@dataclass(frozen=True, slots=True)
class _Table:
    """``seen`` are the overflow pages that were followed: each belongs to one value, so circles end and nothing is read twice."""

    source: BoundedSource
    order: str
    size: int
    seen: set[int] = field(default_factory=set)

    def values(self, number: int) -> Iterator[tuple[int, bytes]]:
        """The values of one page, if it is a page of the table."""
        start = number * self.size
        page = self.source.window(start, self.size).buffer
        if page[25] not in _HASHES:
            return
        (entries,) = struct.unpack_from(self.order + "H", page, 20)
        if _PAGE_HEADER + 2 * entries > self.size:
            raise Malformed("a page claims more entries than it holds", offset=start)
        places = struct.unpack_from(f"{self.order}{entries}H", page, _PAGE_HEADER)
        for i in range(1, entries, 2):
            # Entries grow from the end of the page towards its beginning: one ends where the one before it begins.
            entry = bytes(page[places[i] : places[i - 1]])
            if entry[:1] == bytes((_HERE,)):
                yield start + places[i] + 1, entry[1:]
            elif entry[:1] == bytes((_ELSEWHERE,)) and len(entry) >= 12:  # noqa: PLR2004
                yield start + places[i], self._elsewhere(*struct.unpack_from(self.order + "II", entry, 4))

    def _elsewhere(self, number: int, length: int) -> bytes:
        """A value that lies on overflow pages."""
        whole = bytearray()
        while number and len(whole) < min(length, _LONGEST):
            page = self.source.window(number * self.size, self.size).buffer
            if number in self.seen or page[25] != _OVERFLOW:
                raise Malformed("a value leads in a circle or to another kind of page", offset=number * self.size)
            self.seen.add(number)
            following, held = struct.unpack_from(self.order + "I2xH", page, 16)
            whole += page[_PAGE_HEADER : _PAGE_HEADER + held]
            number = following
        return bytes(whole[:length])
