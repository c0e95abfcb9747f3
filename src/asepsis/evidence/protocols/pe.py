r"""PE programs and libraries of Windows: headers, data directories, imports. No I/O.

Microsoft PE Format (2024). Only tables are read::

    0 'MZ' ... 60 offset of    'PE\0\0'  machine(2) sections(2) ... optional size(2) flags(2)
                               optional header: magic 0x10b (32 bit) or 0x20b (64 bit) ... subsystem, DllCharacteristics, data directories
                               section table: name(8) size address raw size raw offset ...

Every number is the file's own claim: what reaches out of the file is ``Malformed``, counts are cut at the limits below.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from asepsis.evidence.protocols.elf import text_at
from asepsis.evidence.reader import Malformed

IMAGE_FILE_DLL = 0x2000
IMPORTS, SECURITY, LOAD_CONFIG, CLR = 1, 4, 10, 14
SUBSYSTEM_GUI, SUBSYSTEM_CONSOLE = 2, 3
I386, AMD64 = 0x14C, 0x8664
MAX_SECTIONS, MAX_LIBRARIES, MAX_IMPORTS = 96, 512, 20_000
_DIRECTORIES = 16


class Section(NamedTuple):
    """A section: where it is loaded, relative to the image's base, and where it lies in the file."""

    address: int
    size: int
    offset: int
    in_file: int
    flags: int


@dataclass(frozen=True, slots=True)
class Pe:
    """A program as Windows loads it. ``directories`` are (relative address, size); that of ``SECURITY`` is an offset of the file."""

    data: memoryview
    machine: int
    flags: int
    wide: bool
    base: int
    subsystem: int
    dll_flags: int
    directories: tuple[tuple[int, int], ...]
    sections: tuple[Section, ...]

    @property
    def is_library(self) -> bool:
        """A DLL."""
        return bool(self.flags & IMAGE_FILE_DLL)

    def has(self, directory: int) -> bool:
        """Whether a data directory is there and not empty."""
        return directory < len(self.directories) and all(self.directories[directory])

    def offset_of(self, address: int) -> int | None:
        """Where in the file the byte lies that is loaded at the relative ``address``."""
        for part in self.sections:
            if part.address <= address < part.address + part.in_file:
                return part.offset + address - part.address
        return None

    def number(self, address: int, layout: str = "<I") -> int:
        """A number at a relative address; 0 where the file holds none."""
        offset = self.offset_of(address)
        if offset is None or offset + struct.calcsize(layout) > len(self.data):
            return 0
        return int(struct.unpack_from(layout, self.data, offset)[0])

    def imports(self) -> dict[int, str]:
        """Relative address of the table entry → name of each function that is taken from a library by its name."""
        return {slot: name for slot, name in self._imports() if name} if self.has(IMPORTS) else {}

    def _imports(self) -> Iterator[tuple[int, str]]:
        start, left = self.directories[IMPORTS][0], MAX_IMPORTS
        for number in range(MAX_LIBRARIES):
            names, library, table = (self.number(start + number * 20 + field) for field in (0, 12, 16))
            if not library or not table:
                return
            for slot, name in self._of_library(names or table, table, left):
                left -= 1
                yield slot, name

    def _of_library(self, names: int, table: int, most: int) -> Iterator[tuple[int, str]]:
        """Slot and name of each function; no name for one that is taken by its number."""
        size, layout = (8, "<Q") if self.wide else (4, "<I")
        by_number = 1 << (size * 8 - 1)
        for place in range(most):
            entry = self.number(names + place * size, layout)
            if not entry:
                return
            offset = None if entry & by_number else self.offset_of(entry + 2)
            yield table + place * size, "" if offset is None else text_at(self.data, offset)


def parse(data: memoryview) -> Pe | None:
    """The program in ``data``; None if it is none (a DOS program, another format). Raises ``Malformed``."""
    if len(data) < 64 or bytes(data[:2]) != b"MZ":  # noqa: PLR2004
        return None
    (start,) = struct.unpack_from("<I", data, 60)
    if start + 24 > len(data) or bytes(data[start : start + 4]) != b"PE\0\0":
        return None
    machine, sections, optional, flags = struct.unpack_from("<HH12xHH", data, start + 4)
    at = start + 24
    wide = bytes(data[at : at + 2]) == b"\x0b\x02"
    if optional < (112 if wide else 96) or at + optional > len(data):
        raise Malformed("the optional header is cut short", offset=at)
    base = struct.unpack_from("<Q" if wide else "<I", data, at + (24 if wide else 28))[0]
    subsystem, dll_flags = struct.unpack_from("<HH", data, at + 68)
    held = min((optional - (112 if wide else 96)) // 8, struct.unpack_from("<I", data, at + (108 if wide else 92))[0], _DIRECTORIES)
    pairs = tuple(struct.unpack_from("<II", data, at + (112 if wide else 96) + 8 * number) for number in range(held))
    return Pe(data, machine, flags, wide, base, subsystem, dll_flags, pairs, _sections(data, at + optional, sections))


def _sections(data: memoryview, start: int, count: int) -> tuple[Section, ...]:
    count = min(count, MAX_SECTIONS)
    if start + 40 * count > len(data):
        raise Malformed("the section table reaches out of the file", offset=start)
    rows = (struct.unpack_from("<8xIIII12xI", data, start + 40 * number) for number in range(count))
    return tuple(Section(address, size, offset, in_file, flags) for size, address, in_file, offset, flags in rows)
