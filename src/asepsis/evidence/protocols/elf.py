r"""ELF programs and libraries: header, segments, dynamic section, symbols. No I/O.

System V ABI (gABI 4.1) and its GNU extensions. Only tables are read, never the code, so a program of 300 MB costs as much as a small one::

    0  7f 'E' 'L' 'F'  class(1=32, 2=64)  data(1=little, 2=big) ...   16 type, 18 machine, 24 entry, then offsets and counts of
       program headers  (PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_GNU_STACK, PT_GNU_RELRO)   what the loader obeys
       section headers  (only .symtab is taken from them: a program runs without any)

Every number in it is the file's own claim: counts are cut at the limits below, and a table that reaches out of the file is ``Malformed``.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from asepsis.evidence.reader import Malformed
from asepsis.guard.limits import KIB, MIB
from asepsis.guard.source import BoundedSource

MAGIC = b"\x7fELF"
ET_EXEC, ET_DYN = 2, 3
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE, PT_TLS, PT_GNU_STACK, PT_GNU_RELRO = 1, 2, 3, 4, 7, 0x6474E551, 0x6474E552
PT_MIPS_REGINFO = 0x70000000
PF_X = 1
DT_NEEDED, DT_PLTGOT, DT_HASH, DT_STRTAB, DT_SYMTAB = 1, 3, 4, 5, 6
DT_SONAME, DT_RPATH, DT_BIND_NOW, DT_RUNPATH, DT_FLAGS, DT_FLAGS_1 = 14, 15, 24, 29, 30, 0x6FFFFFFB
DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 8, 1, 0x08000000
SHT_SYMTAB, SHT_RELA, SHT_REL = 2, 4, 9
STT_FUNC, STT_GNU_IFUNC, SHN_UNDEF = 2, 10, 0

MAX_SEGMENTS, MAX_SECTIONS, MAX_DYNAMIC, MAX_SYMBOLS = 128, 4096, 1024, 65_536
"""More than any program has that was not made to keep a reader busy; of larger tables the beginning is read."""
_SYMBOL = {
    False: np.dtype([("name", "u4"), ("address", "u4"), ("size", "u4"), ("info", "u1"), ("other", "u1"), ("section", "u2")]),
    True: np.dtype([("name", "u4"), ("info", "u1"), ("other", "u1"), ("section", "u2"), ("address", "u8"), ("size", "u8")]),
}
_END, _PART = 4 * MIB, 16 * KIB
MAX_NAME = 256
_NAMES_BYTES = 8 * MIB
"""A table of names up to here is copied, to cut the names out of the copy; they take half the time so."""


class Segment(NamedTuple):
    """A program header."""

    type: int
    flags: int
    offset: int
    address: int
    in_file: int


class Symbol(NamedTuple):
    """A symbol: ``number`` in its table, ``section`` 0 if it is to be found elsewhere."""

    number: int
    name: str
    address: int
    type: int
    section: int


@dataclass(frozen=True, slots=True)
class Elf:
    """A program as its loader sees it. ``sections`` are (type, offset, size, link); ``dynamic`` maps a tag to its values in order."""

    data: memoryview
    wide: bool
    order: str
    type: int
    machine: int
    entry: int
    segments: tuple[Segment, ...]
    sections: tuple[tuple[int, int, int, int], ...]
    dynamic: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def interpreter(self) -> bytes:
        """The path of its loader; empty if it is started without one."""
        part = self.segment(PT_INTERP)
        return self.bytes_at(part.offset, min(part.in_file, MAX_NAME)).rstrip(b"\0") if part else b""

    @property
    def is_program(self) -> bool:
        """Something that can be started, not a library: it has a fixed place, says so, or names its loader (as libc does, which has a name too)."""
        says_so = self.type == ET_EXEC or bool(self.tag(DT_FLAGS_1) & DF_1_PIE)
        return says_so or (bool(self.interpreter) and DT_SONAME not in self.dynamic)

    def segment(self, kind: int) -> Segment | None:
        """The first program header of a type."""
        return next((part for part in self.segments if part.type == kind), None)

    @property
    def is_bare_metal(self) -> bool:
        """A kernel, boot loader or RTOS image that no operating system loads: in a kernel's half of the addresses, or without a sign of one."""
        kernel = 1 << (47 if self.wide else 31)
        alone = not self.interpreter and self.segment(PT_TLS) is None and self.segment(PT_GNU_STACK) is None
        return any(part.type == PT_LOAD and part.address >= kernel for part in self.segments) or (self.type == ET_EXEC and alone)

    def tag(self, number: int) -> int:
        """The first value of a tag of the dynamic section, 0 if it has none."""
        return self.dynamic.get(number, (0,))[0]

    def bytes_at(self, offset: int, length: int) -> bytes:
        """Bytes of the file; fewer at its end."""
        return bytes(self.data[offset : offset + length])

    def offset_of(self, address: int) -> int | None:
        """Where in the file the byte lies that is loaded at ``address``."""
        for part in self.segments:
            if part.type == PT_LOAD and part.address <= address < part.address + part.in_file:
                return part.offset + address - part.address
        return None

    def table(self, number: int) -> int | None:
        """Where in the file the table lies that a tag points at."""
        return self.offset_of(self.tag(number)) if number in self.dynamic else None

    def string(self, number: int) -> str:
        """A name of the dynamic string table."""
        table = self.table(DT_STRTAB)
        return "" if table is None else text_at(self.data, table + number)

    @property
    def soname(self) -> str:
        """The name that a library gives itself; empty if it has none."""
        return self.string(self.tag(DT_SONAME)) if DT_SONAME in self.dynamic else ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The libraries that it is loaded with, in the order of the loader."""
        return tuple(self.string(value) for value in self.dynamic.get(DT_NEEDED, ()))

    def imports(self) -> dict[int, str]:
        """Number → name of the dynamic symbols that other files provide."""
        table, names = self.table(DT_SYMTAB), self.table(DT_STRTAB)
        if table is None or names is None:
            return {}
        columns = self._columns(table, self._dynamic_count(table, names))
        numbers = np.flatnonzero((columns["section"] == SHN_UNDEF) & (columns["name"] != 0))
        named = zip(numbers.tolist(), names_at(self.data, names, columns["name"][numbers].tolist()), strict=True)
        return {number: name for number, name in named if name}

    def dynamic_symbols(self) -> Iterator[Symbol]:
        """The symbols that the loader knows."""
        table, names = self.table(DT_SYMTAB), self.table(DT_STRTAB)
        if table is None or names is None:
            return
        yield from self._symbols(table, self._dynamic_count(table, names), names)

    def holds(self, *words: bytes) -> bool:
        """Whether one of ``words`` is in the first 4 MiB (constants, notes) or the last (names of sections) of the file."""
        return holds_any(self.data[:_END], words) or holds_any(self.data[max(_END, len(self.data) - _END) :], words)

    def all_symbols(self) -> Iterator[Symbol]:
        """The symbols of a program that was not stripped; a file holds one such table, and of more the first counts."""
        for kind, offset, size, link in self.sections:
            if kind == SHT_SYMTAB and link < len(self.sections):
                yield from self._symbols(offset, size // self._symbol.itemsize, self.sections[link][1])
                return

    @property
    def _symbol(self) -> np.dtype[np.void]:
        return _SYMBOL[self.wide].newbyteorder("<" if self.order == "<" else ">")

    def _dynamic_count(self, table: int, names: int) -> int:
        """``nchain`` of the old hash table; without it the symbols end where, by custom, the names begin."""
        hashes = self.table(DT_HASH)
        if hashes is not None and hashes + 8 <= len(self.data):
            return int(struct.unpack_from(self.order + "I", self.data, hashes + 4)[0])
        return max(0, names - table) // self._symbol.itemsize

    def _columns(self, table: int, count: int) -> np.ndarray[Any, np.dtype[np.void]]:
        """A table of symbols, as much of it as the file holds."""
        size = self._symbol.itemsize
        held = max(0, len(self.data) - table) // size
        return np.frombuffer(self.data[table : table + min(count, held, MAX_SYMBOLS) * size], self._symbol)

    def _symbols(self, table: int, count: int, names: int) -> Iterator[Symbol]:
        columns = self._columns(table, count)
        named = names_at(self.data, names, columns["name"].tolist())
        parts = (columns["name"], columns["address"], columns["info"] & 15, columns["section"])
        for number, (name, at, address, kind, section) in enumerate(zip(named, *(part.tolist() for part in parts), strict=True)):
            yield Symbol(number, name if at else "", address, kind, section)


def program_in(source: BoundedSource) -> Elf | None:
    """As :func:`parse`, once for all readers of a file."""
    return source.once("elf", lambda: parse(source.buffer))


def imports_in(source: BoundedSource) -> dict[int, str]:
    """Number → name of what a program takes from other files, once for all readers: no other table costs as much. Raises ``Malformed``."""
    program = program_in(source)
    return source.once("elf imports", program.imports) if program else {}


def holds_any(data: memoryview, words: Collection[bytes]) -> bool:
    """Whether one of ``words`` is anywhere in ``data``; part by part, which is faster than to copy it whole."""
    overlap = max(map(len, words)) - 1
    parts = (bytes(data[at : at + _PART + overlap]) for at in range(0, len(data), _PART))
    return any(word in part for part in parts for word in words)


def text_at(data: memoryview, offset: int) -> str:
    """The NUL-terminated name at ``offset``, bounded."""
    return bytes(data[offset : offset + MAX_NAME]).partition(b"\0")[0].decode("latin-1")


def names_at(data: memoryview, table: int, offsets: Sequence[int]) -> Iterator[str]:
    """As :func:`text_at` for the names at all ``offsets`` of a table of names."""
    low, high = (table + min(offsets), table + max(offsets) + MAX_NAME) if offsets else (0, 0)
    if high - low > _NAMES_BYTES:
        yield from (text_at(data, table + offset) for offset in offsets)
        return
    names = bytes(data[low:high]).decode("latin-1")
    for offset in offsets:
        start = table + offset - low
        end = names.find("\0", start, start + MAX_NAME)
        yield names[start : end if end >= 0 else start + MAX_NAME]


def parse(data: memoryview) -> Elf | None:
    """The program in ``data``; None if it is none (an object file, a core dump, another format). Raises ``Malformed``."""
    if len(data) < 20 or bytes(data[:4]) != MAGIC or data[4] not in {1, 2} or data[5] not in {1, 2}:  # noqa: PLR2004
        return None
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"  # noqa: PLR2004
    kind, machine = struct.unpack_from(order + "HH", data, 16)
    if kind not in {ET_EXEC, ET_DYN}:
        return None
    layout = struct.Struct(order + ("4xQQQ4xHHHHH" if wide else "4xIII4xHHHHH"))
    if len(data) < 20 + layout.size:
        raise Malformed("the header is cut short", offset=0)
    entry, programs, sections, _size, each, count, section_each, section_count = layout.unpack_from(data, 20)
    found = Elf(data, wide, order, kind, machine, entry, _segments(data, programs, each, count, wide=wide, order=order), ())
    tables = _sections(data, sections, section_each, section_count, wide=wide, order=order)
    return Elf(data, wide, order, kind, machine, entry, found.segments, tables, _dynamic(found))


def _segments(data: memoryview, start: int, each: int, count: int, *, wide: bool, order: str) -> tuple[Segment, ...]:
    layout = struct.Struct(order + ("IIQQ8xQ" if wide else "IIIxxxxI4xI"))
    count = min(count, MAX_SEGMENTS)
    if each < layout.size or start + each * count > len(data):
        raise Malformed("the program headers reach out of the file", offset=start)
    rows = (layout.unpack_from(data, start + each * number) for number in range(count))
    if wide:
        return tuple(Segment(*row) for row in rows)
    return tuple(Segment(kind, flags, offset, address, size) for kind, offset, address, size, flags in rows)


def _sections(data: memoryview, start: int, each: int, count: int, *, wide: bool, order: str) -> tuple[tuple[int, int, int, int], ...]:
    """Nothing if there are none or if they reach out of the file: the loader does not need them, and some tools cut them off."""
    layout = struct.Struct(order + ("4xI16xQQI" if wide else "4xI8xIII"))
    count = min(count, MAX_SECTIONS)
    if not start or each < layout.size or start + each * count > len(data):
        return ()
    return tuple((row[0], row[1], row[2], row[3]) for row in (layout.unpack_from(data, start + each * number) for number in range(count)))


def _dynamic(elf: Elf) -> dict[int, tuple[int, ...]]:
    """Tag → values, up to DT_NULL. A file has one dynamic section, and of more the first counts."""
    layout = struct.Struct(elf.order + ("QQ" if elf.wide else "II"))
    tags: dict[int, tuple[int, ...]] = {}
    part = elf.segment(PT_DYNAMIC)
    if part is None:
        return tags
    if part.offset + part.in_file > len(elf.data):
        raise Malformed("the dynamic section reaches out of the file", offset=part.offset)
    count = min(part.in_file // layout.size, MAX_DYNAMIC)
    for number, value in layout.iter_unpack(elf.data[part.offset : part.offset + count * layout.size]):
        if number == 0:
            break
        tags[number] = (*tags.get(number, ()), value)
    return tags
