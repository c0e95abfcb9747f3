"""ELF and PE programs as code sees them: where imported functions are called through, by name. No I/O.

An imported function is called through a table that the loader fills (GOT, import address table), in ELF mostly by way of a stub (PLT)::

    x86      ff 25 [slot]; 32-bit position-independent ff a3 slot-GOT        ARM       add ip,pc,#n; add ip,ip,#n; ldr pc,[ip,#n]!
    AArch64  adrp x16; ldr x17,[x16,#n]; add x16; br x17                     MIPS      lui t7; lw t9,(t7); ... jr t9, or no stub
    PowerPC  lis r11; lwz r11,(r11); mtctr r11; bctr                         PE        call [slot], or a stub of ff 25

Relocations say which slot belongs to which name (System V ABI and its processor supplements); on MIPS the slots follow the symbols in order.
A static program with symbols holds the functions itself, and calls through slots only those that it chooses among at its start (GNU IFUNC, x86).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from asepsis.evidence.protocols import code_x86, elf, pe
from asepsis.evidence.protocols.code import Image, Region, Starts
from asepsis.evidence.protocols.elf import Elf, Symbol
from asepsis.evidence.protocols.pe import Pe

DT_PLTRELSZ, DT_RELA, DT_RELASZ, DT_REL, DT_RELSZ, DT_PLTREL, DT_JMPREL = 2, 7, 8, 17, 18, 20, 23
DT_MIPS_LOCAL_GOTNO, DT_MIPS_GOTSYM = 0x7000000A, 0x70000013
_MIPS_GP = 0x7FF0
"""``gp`` points this far into the table, so that signed offsets reach twice as much."""
_MIPS_GP_VALUE = 20
"""Where a program without a dynamic section says it, in its PT_MIPS_REGINFO."""
_IRELATIVE = {"x86": 42, "x86-64": 37}
_MACHINES = {(3, False): "x86", (62, True): "x86-64", (40, False): "arm", (183, True): "aarch64", (8, False): "mips", (20, False): "powerpc"}
_PE_MACHINES = {pe.I386: "x86", pe.AMD64: "x86-64"}
_ELF_ARGUMENTS = {"x86": tuple(range(16, 24)), "x86-64": (7, 6), "arm": (0, 1), "aarch64": (0, 1), "mips": (4, 5), "powerpc": (3, 4)}
_PE_ARGUMENTS = {"x86": tuple(range(16, 24)), "x86-64": (1, 2)}
_MAX_RELOCATIONS = 65_536
_PF_X, _EXECUTABLE = 1, 0x20000000

_STUBS = {
    "x86": re.compile(rb"\xff[\x25\xa3](.{4})", re.DOTALL),
    "arm": re.compile(rb"(.[\xc0-\xcf]\x8f\xe2)(.[\xc0-\xcf]\x8c\xe2)(.[\xf0-\xff]\xbc\xe5)", re.DOTALL),
    "aarch64": re.compile(rb"([\x10\x30\x50\x70\x90\xb0\xd0\xf0]..[\x90\xb0\xd0\xf0])(.{2}[\x40-\x7f]\xf9).{4}\x20\x02\x1f\xd6", re.DOTALL),
    "mips": re.compile(rb"(\x3c\x0f..\x8d\xf9..)|(..\x0f\x3c..\xf9\x8d)", re.DOTALL),
    "powerpc": re.compile(rb"(\x3d\x60..\x81\x6b..)\x7d\x69\x03\xa6\x4e\x80\x04\x20", re.DOTALL),
}


def of_elf(program: Elf, imports: dict[int, str], wanted: Collection[str]) -> Image | None:
    """The image of an ELF program, with those of the ``wanted`` functions among its ``imports``; None if its processor is not understood."""
    machine = _MACHINES.get((program.machine, program.wide))
    if machine is None:
        return None
    regions = tuple(
        Region(part.address, part.offset, min(part.in_file, max(0, len(program.data) - part.offset)), bool(part.flags & _PF_X))
        for part in program.segments
        if part.type == elf.PT_LOAD
    )
    base = _mips_base(program) if machine == "mips" else program.tag(elf.DT_PLTGOT) or _table_of_static(program)
    slots = dict(_slots(program, machine, {number: name for number, name in imports.items() if name in wanted}))
    starts = Starts(lambda: {_even(machine, symbol.address): symbol.name for symbol in _held(program.all_symbols()) if symbol.name})
    image = Image(program.data, machine, program.order == ">", program.wide, regions, slots, {}, base, _ELF_ARGUMENTS[machine], starts)
    if not slots:  # a program that imports them does not hold them
        own = tuple(program.all_symbols())
        held = _held(chain(own, program.dynamic_symbols()))
        image.functions.update({_even(machine, symbol.address): symbol.name for symbol in held if symbol.name in wanted})
        image.slots.update(_chosen(image, program, own, wanted))
    image.functions.update(_stubs(image))
    return image


def _mips_base(program: Elf) -> int:
    part = program.segment(elf.PT_MIPS_REGINFO)
    if part is None or program.tag(elf.DT_PLTGOT):
        return program.tag(elf.DT_PLTGOT) + _MIPS_GP
    return int.from_bytes(program.bytes_at(part.offset + _MIPS_GP_VALUE, 4), "big" if program.order == ">" else "little")


def _table_of_static(program: Elf) -> int:
    return next((symbol.address for symbol in program.all_symbols() if symbol.name == "_GLOBAL_OFFSET_TABLE_"), 0)


def _held(symbols: Iterable[Symbol]) -> Iterator[Symbol]:
    """The functions that the program holds itself."""
    return (symbol for symbol in symbols if symbol.type == elf.STT_FUNC and symbol.section != elf.SHN_UNDEF)


def of_pe(program: Pe, wanted: Collection[str]) -> Image | None:
    """The image of a PE program, as :func:`of_elf`."""
    machine = _PE_MACHINES.get(program.machine)
    if machine is None or program.has(pe.CLR):
        return None
    size = len(program.data)
    regions = tuple(
        Region(program.base + part.address, part.offset, min(part.in_file, max(0, size - part.offset)), bool(part.flags & _EXECUTABLE))
        for part in program.sections
    )
    slots = {program.base + slot: name for slot, name in program.imports().items() if name in wanted}
    image = Image(program.data, machine, False, program.wide, regions, slots, {}, 0, _PE_ARGUMENTS[machine])
    image.functions.update(_stubs(image))
    return image


def _slots(program: Elf, machine: str, symbols: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Address of the slot → name, for the imported ``symbols``."""
    if not symbols:
        return
    if machine == "mips":
        first, local = program.tag(DT_MIPS_GOTSYM), program.tag(DT_MIPS_LOCAL_GOTNO)
        table = program.tag(elf.DT_PLTGOT)
        yield from ((table + 4 * (local + number - first), name) for number, name in symbols.items() if number >= first)
    for table_tag, size_tag, added in _relocation_tables(program):
        yield from _relocated(program, table_tag, size_tag, symbols, added=added)


def _relocation_tables(program: Elf) -> Iterator[tuple[int, int, bool]]:
    """Tag of the table, tag of its size, whether an entry carries its addend."""
    yield DT_JMPREL, DT_PLTRELSZ, program.tag(DT_PLTREL) == DT_RELA
    yield DT_RELA, DT_RELASZ, True
    yield DT_REL, DT_RELSZ, False


def _relocated(program: Elf, table_tag: int, size_tag: int, symbols: dict[int, str], *, added: bool) -> Iterator[tuple[int, str]]:
    offset = program.table(table_tag)
    if offset is None:
        return
    columns = [("place", "u8" if program.wide else "u4"), ("info", "u8" if program.wide else "u4")]
    layout = np.dtype([*columns, ("addend", columns[0][1])] if added else columns).newbyteorder("<" if program.order == "<" else ">")
    held = min(program.tag(size_tag), max(0, len(program.data) - offset)) // layout.itemsize
    entries = np.frombuffer(program.data[offset : offset + min(held, _MAX_RELOCATIONS) * layout.itemsize], layout)
    numbers = entries["info"] >> (32 if program.wide else 8)
    wanted = np.isin(numbers, np.fromiter(symbols, numbers.dtype.newbyteorder("=")))
    yield from zip(entries["place"][wanted].tolist(), map(symbols.__getitem__, numbers[wanted].tolist()), strict=True)


def _chosen(image: Image, program: Elf, own: Sequence[Symbol], wanted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Slots of the functions that a static program chooses at its start: the relocation names what chooses, in its addend or in the slot."""
    choosing = {symbol.address: symbol.name for symbol in own if symbol.type == elf.STT_GNU_IFUNC and symbol.name in wanted}
    if not choosing or image.machine not in _IRELATIVE:
        return
    layout = struct.Struct("<QQQ" if image.wide else "<II")
    for kind, offset, size, _ in program.sections:
        if kind == (elf.SHT_RELA if image.wide else elf.SHT_REL):
            raw = program.data[offset : offset + min(size // layout.size, _MAX_RELOCATIONS) * layout.size]
            for place, info, *added in layout.iter_unpack(raw[: len(raw) // layout.size * layout.size]):
                name = choosing.get(added[0] if added else image.word(place) or 0)
                if name and info & 0xFF == _IRELATIVE[image.machine]:
                    yield place, name


def _even(machine: str, address: int) -> int:
    """The lowest bit of an ARM function says Thumb."""
    return address & ~1 if machine == "arm" else address


def _stubs(image: Image) -> Iterator[tuple[int, str]]:
    """Address → name of the stubs that jump through a slot of ``image``."""
    if not image.slots:
        return
    for region in image.code:
        if image.machine == "x86-64":
            yield from ((at - before, name) for at, name in code_x86.jumps_through(image, region) for before in _BEFORE["x86-64"])
            continue
        data = image.data[region.offset : region.offset + region.size]
        for found in _STUBS[image.machine].finditer(data):
            at = region.address + found.start()
            name = image.slots.get(_slot_of(image, found, at))
            if name:
                yield from ((at - before, name) for before in _BEFORE[image.machine])


_BEFORE = {"x86": (0, 4), "x86-64": (0, 1, 4, 5), "arm": (0, 4), "aarch64": (0, 4), "mips": (0,), "powerpc": (0,)}
"""A stub may begin before its first telling byte: with a landing mark (endbr, bti), a prefix, a switch from Thumb."""


def _slot_of(image: Image, found: re.Match[bytes], at: int) -> int:
    """The slot that a stub jumps through."""
    match image.machine:
        case "x86":
            number = int.from_bytes(found.group(1), "little")
            return number if found.group()[1] == 0x25 else (image.base + number) & 0xFFFFFFFF  # noqa: PLR2004
        case "arm":
            one, two, three = (int.from_bytes(part, "little") for part in found.groups())
            return (at + 8 + _rotated(one) + _rotated(two) + (three & 0xFFF)) & 0xFFFFFFFF
        case "aarch64":
            page, load = (int.from_bytes(part, "little") for part in found.groups())
            near = (page >> 5 & 0x7FFFF) << 2 | page >> 29 & 3
            return (at & ~0xFFF) + ((near - (1 << 21) if near >> 20 else near) << 12) + (load >> 10 & 0xFFF) * 8
    return _upper_and_lower(found.group(1) or found.group(2), "big" if image.big else "little")


def _rotated(word: int) -> int:
    """The constant of an A32 instruction: eight bits, turned right by twice four."""
    turn = (word >> 8 & 15) * 2
    return ((word & 0xFF) >> turn | (word & 0xFF) << (32 - turn)) & 0xFFFFFFFF


def _upper_and_lower(code: bytes, order: str) -> int:
    """An address from its upper half (``lui``, ``lis``) and its signed lower half."""
    upper, lower = (int.from_bytes(code[at : at + 4], order) & 0xFFFF for at in (0, 4))  # type: ignore[arg-type]
    return ((upper << 16) + (lower - 0x10000 if lower & 0x8000 else lower)) & 0xFFFFFFFF
