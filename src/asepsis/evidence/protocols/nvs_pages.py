"""Pages of ESP-IDF's non-volatile storage (NVS), versions 1 (FF) and 2 (FE). No I/O.

::

    page    0  state(4)  4  sequence(4)  8  version(1)  9  FF x 19  28  CRC of bytes 4..27  32  two bits of state for each entry  64  126 entries
    entry   0  namespace(1)  1  type(1)  2  span(1)  3  chunk(1)  4  CRC of the other 28 bytes  8  key(16)  24  value(8)
    longer  24  size(2)  26  reserved(2)  28  CRC of the content, which fills the next span - 1 entries

All little-endian; CRC-32 begun with FFFFFFFF (``crc32_le`` of the ROM). Of two bits 11 is empty, 10 written, 00 erased. Erasing an entry clears
its bits only: the content stays in the flash until the whole page is erased.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

PAGE_BYTES, ENTRY_BYTES, ENTRIES = 4096, 32, 126
STRING, BLOB, CHUNK, INDEX = 0x21, 0x41, 0x42, 0x48
_LONG = frozenset({STRING, BLOB, CHUNK})
_BYTE = 0x01
_NO_NAMESPACE = 0
_EMPTY, _WRITTEN = 3, 2
_SEED = 0xFFFF_FFFF
_SECOND_VERSION = 0x80
"""A blob that is replaced gets chunk numbers from 80 on, the next time from 00 again."""


@dataclass(frozen=True, slots=True)
class Item:
    """A key with its ``value``, at ``offset`` in the file; not ``live``: erased or replaced, and still in the flash."""

    namespace: str
    key: str
    kind: int
    value: bytes
    offset: int
    live: bool
    number: int = 0
    chunk: int = 0


@dataclass(slots=True)
class Page:
    """What one page at ``offset`` holds: readable items, and how many written entries there are and how many have a wrong checksum."""

    offset: int
    sequence: int
    items: list[Item] = field(default_factory=list)
    written: int = 0
    broken: int = 0


def read_page(raw: bytes, offset: int) -> Page | None:
    """The page in ``raw`` (4,096 bytes, or fewer where the file ends), or None if its header's checksum is wrong."""
    if len(raw) < 2 * ENTRY_BYTES or zlib.crc32(raw[4:28], _SEED) != int.from_bytes(raw[28:32], "little"):
        return None
    page, number = Page(offset, int.from_bytes(raw[4:8], "little")), 0
    while number < ENTRIES and (number + 3) * ENTRY_BYTES <= len(raw):
        number += _read_entry(raw, page, number)
    return page


def _read_entry(raw: bytes, page: Page, number: int) -> int:
    """Read the entry ``number``; how many entries it fills."""
    state = raw[ENTRY_BYTES + number // 4] >> (number % 4 * 2) & 3
    start = (number + 2) * ENTRY_BYTES
    head = raw[start : start + ENTRY_BYTES]
    if state == _EMPTY:
        return 1
    live = state == _WRITTEN
    page.written += live
    if zlib.crc32(head[:4] + head[8:], _SEED) != int.from_bytes(head[4:8], "little"):
        page.broken += live
        return 1
    span = min(max(1, head[2]), ENTRIES - number)
    page.written += live * (span - 1)
    value = _content(raw[start + ENTRY_BYTES : start + span * ENTRY_BYTES], head) if head[1] in _LONG else head[24:]
    if value is None:
        page.broken += live
    else:
        key = head[8:24].split(b"\0", 1)[0].decode("utf-8", "replace")
        page.items.append(Item("", key, head[1], value, page.offset + start, live, head[0], head[3]))
    return span


def _content(rest: bytes, head: bytes) -> bytes | None:
    size, _, crc = struct.unpack_from("<HHI", head, 24)
    return rest[:size] if size <= len(rest) and zlib.crc32(rest[:size], _SEED) == crc else None


def partitions(pages: Iterable[Page], edges: Iterable[int] = ()) -> Iterator[list[Page]]:
    """Pages that belong together, of ``pages`` in the order of their offsets.

    A partition ends at one of the ``edges`` (of the partition table), or where a sequence number comes again: each is used once. Pages in between
    may be erased and are not listed.
    """
    bounds, group, seen = sorted(edges), list[Page](), set[int]()
    for page in pages:
        apart = group and ((page.offset - group[-1].offset) % PAGE_BYTES or any(group[-1].offset < edge <= page.offset for edge in bounds))
        if group and (apart or page.sequence in seen):
            yield group
            group, seen = [], set()
        group.append(page)
        seen.add(page.sequence)
    if group:
        yield group


def items(pages: Iterable[Page]) -> list[Item]:
    """Every key of a partition with the name of its namespace: live ones first, blobs put together, then what was erased."""
    raw = [item for page in sorted(pages, key=lambda page: page.sequence) for item in page.items]
    names: dict[int, str] = {}
    for item in sorted(raw, key=lambda item: not item.live):
        if item.number == _NO_NAMESPACE and item.kind == _BYTE:
            names.setdefault(item.value[0], item.key)
    named = [replace(item, namespace=names.get(item.number, "")) for item in raw if item.number != _NO_NAMESPACE]
    live = [item for item in named if item.live and item.kind != INDEX]
    return [*_joined(live), *(item for item in named if not item.live and item.kind != INDEX)]


def _joined(live: list[Item]) -> Iterator[Item]:
    """Chunks of one blob joined in their order; everything else as it is."""
    blobs: dict[tuple[int, str, bool], list[Item]] = {}
    for item in live:
        if item.kind == CHUNK:
            blobs.setdefault((item.number, item.key, item.chunk >= _SECOND_VERSION), []).append(item)
        else:
            yield item
    for chunks in blobs.values():
        chunks.sort(key=lambda item: item.chunk)
        yield replace(chunks[0], value=b"".join(item.value for item in chunks))
