r"""x86, 32 and 64 bit: calls and constant addresses by their encoding (Intel SDM, volume 2).

Instructions have no fixed length, so these are looked for at every byte; a find inside another instruction points at no function or text::

    e8/e9 rel32            call, jump (a call that does not come back)       ff 15/25 [slot]    call through the table
    48 8d /r [rip+rel32]   lea, 64 bit; 48 8b a pointer from there           b8+r imm32         mov r, address
    8d /r [r+disp32]       lea, 32-bit position-independent                  68 imm32, c7 44 24 push, store an argument
    a1, 8b /r, ff 35 disp  a pointer of 32-bit code, loaded or pushed        (8b /r, ff b3: counted from the table)
    [48] 89 /r, 8b /r      mov r, r

In 32-bit code arguments lie on the stack: whatever is pushed or stored counts as an argument of the next call (register ``STACK`` on).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from asepsis.evidence.protocols.code import CALLED, Call, Image, Region, Registers, Step
from asepsis.guard.limits import KIB

STACK = 16
_STACK_PLACES = 8
_CALL = re.compile(rb"[\xe8\xe9]|\xff[\x15\x25]", re.DOTALL)
_STEP = re.compile(
    rb"(?P<lea>[\x48\x4c][\x8b\x8d][\x05\x0d\x15\x1d\x25\x2d\x35\x3d].{4})"
    rb"|(?P<move64>[\x48\x49\x4c\x4d][\x89\x8b][\xc0-\xff])"
    rb"|(?P<load64>[\x48]\xc7[\xc0-\xc7].{4})"
    rb"|(?P<call>[\xe8].{4}|\xff[\x15\xd0-\xd7])"
    rb"|(?P<relative>[\x8b\x8d][\x80-\xbf].{4})"
    rb"|(?P<fetch>\xa1.{4}|\x8b[\x05\x0d\x15\x1d\x25\x2d\x35\x3d].{4})"
    rb"|(?P<fetched>\xff[\x35\xb0-\xb3\xb5-\xb7].{4})"
    rb"|(?P<push>\x68.{4})"
    rb"|(?P<store>\xc7\x44\x24.{5}|\xc7\x04\x24.{4})"
    rb"|(?P<load>[\xb8-\xbf].{4})"
    rb"|(?P<put>\x89[\x44\x4c\x54\x5c\x74\x7c]\x24.|\x89[\x04\x0c\x14\x1c\x34\x3c]\x24)"
    rb"|(?P<move>\x89[\xc0-\xff])"
    rb"|(?P<pushed>[\x50-\x57])",
    re.DOTALL,
)
_JUMP = 0x25
"""Second byte of a jump through the table; that of a call is 0x15."""
Bytes: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]
_TO_STACK = frozenset({"push", "fetched", "store", "put", "pushed"})
_INT = struct.Struct("<i")
_NEAR = range(-(1 << 40), 1 << 40)
"""Distances that the file could hold at all."""
_BLOCK = 128 * KIB
"""Bytes of code looked at together: what is made of them stays in the processor's cache."""


def calls(image: Image, region: Region) -> Iterator[Call]:
    """Direct calls and jumps, and calls through a slot."""
    if image.wide:
        yield from _calls_64(image, region)
        return
    data = image.data[region.offset : region.offset + region.size]
    for found in _CALL.finditer(data):
        at = found.start()
        after = at + (5 if data[at] != 0xFF else 6)  # noqa: PLR2004
        if after > len(data):
            break
        (number,) = _INT.unpack_from(data, after - 4)
        through = data[at] == 0xFF  # noqa: PLR2004
        name = image.slots.get(number & 0xFFFFFFFF) if through else image.functions.get((region.address + after + number) & 0xFFFFFFFF)
        if name:
            yield Call(region.address + at, name)


def _calls_64(image: Image, region: Region) -> Iterator[Call]:
    """The same for 64 bits, where every target counts from the end of the instruction: a column of numbers at a time, a hundred times as fast."""
    direct = _hits(image, region, _OpCode(5, _is_direct), image.functions)
    found = sorted([*direct, *through_slots(image, region)])
    yield from (Call(at, name) for at, name in found)


def jumps_through(image: Image, region: Region) -> Iterator[tuple[int, str]]:
    """Address and name of the jumps of 64-bit code through a slot, in order."""
    return ((at, name) for at, name in through_slots(image, region) if image.data[region.offset + at - region.address + 1] == _JUMP)


def through_slots(image: Image, region: Region) -> list[tuple[int, str]]:
    """Address and name of the calls and jumps of 64-bit code through a slot, in order; looked for once."""
    if region not in image.through:
        image.through[region] = list(_hits(image, region, _OpCode(6, _is_through), image.slots))
    return image.through[region]


class _OpCode(NamedTuple):
    """How an instruction of ``size`` bytes, the last four of which are the distance to its target, begins: ``is_it`` looks at two bytes."""

    size: int
    is_it: Callable[[Bytes, Bytes], Flags]


def _is_direct(first: Bytes, _second: Bytes) -> Flags:
    return np.equal(first, 0xE8) | np.equal(first, 0xE9)


def _is_through(first: Bytes, second: Bytes) -> Flags:
    return np.equal(first, 0xFF) & (np.equal(second, 0x15) | np.equal(second, _JUMP))


def _hits(image: Image, region: Region, code: _OpCode, names: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Address and name where the target has a name, in order."""
    distances = {address - region.address: name for address, name in names.items()}  # addresses of kernels do not fit into an int64
    wanted = np.fromiter(sorted(filter(_NEAR.__contains__, distances)), np.int64)
    data = np.frombuffer(image.data[region.offset : region.offset + region.size], np.uint8)
    numbers, places = _numbers(data), len(data) - code.size + 1
    for start in range(0, places if len(wanted) else 0, _BLOCK):
        end = min(start + _BLOCK, places)
        third = data[start + code.size - 2 : end + code.size - 2]
        like = code.is_it(data[start:end], data[start + 1 : end + 1]) & _reaches(third, start, end, wanted)
        at = start + np.flatnonzero(like)
        targets = at + code.size + numbers[at + code.size - 4]
        near = np.flatnonzero((targets >= wanted[0]) & (targets <= wanted[-1]))
        some = targets[near]
        for place in near[wanted[np.searchsorted(wanted, some)] == some]:
            yield region.address + int(at[place]), distances[int(targets[place])]


_LONGEST = 16
"""Bytes of an instruction."""


def _reaches(third: Bytes, start: int, end: int, wanted: NDArray[np.int64]) -> Flags:
    """Where a distance, by its ``third`` byte, may lead from between two places to one of the ``wanted``: few do, and all that follows is dear."""
    low, high = (int(wanted[0]) - end - _LONGEST) >> 16, (int(wanted[-1]) - start) >> 16
    flags: Flags = np.less_equal(third - np.uint8(low & 0xFF), min(high - low, 0xFF))
    return flags


class Named(NamedTuple):
    """Addresses that code near calls names: the call number ``calls[i]`` names ``addresses[which[i]]``."""

    calls: Places
    which: Places
    addresses: list[int]


def named_near(image: Image, region: Region, calls: Sequence[Call], before: int, within: int) -> Iterator[Named]:
    """The addresses that 64-bit code puts into a register, from so many bytes ``before`` each call to ``within`` as many after it.

    From here (``lea``), a pointer from near here, or a number; one instruction may seem to begin in another. All windows are the rows of one table.
    """
    code, span = np.frombuffer(image.data[region.offset : region.offset + region.size + within], np.uint8), before + within
    windows = np.array([call.at - region.address - before for call in calls], np.intp)
    first = np.clip(windows, 0, max(0, len(code) - span))  # a window that reaches out of the code is moved into it
    table, numbers = sliding_window_view(code if len(code) >= span else np.pad(code, (0, span - len(code))), span)[first], _numbers(code)
    from_here = ((table[:, :-2] & 0xFB) == 0x48) & ((table[:, 2:] & 0xC7) == 0x05)  # noqa: PLR2004
    for size, begins, how in (
        (7, from_here & (table[:, 1:-1] == 0x8D), "here"),  # noqa: PLR2004
        (7, from_here & (table[:, 1:-1] == 0x8B), "pointer"),  # noqa: PLR2004
        (6, (table[:, :-1] == 0xC7) & ((table[:, 1:] & 0xF8) == 0xC0), "number"),  # noqa: PLR2004
        (5, (table & 0xF8) == 0xB8, "number"),  # noqa: PLR2004
    ):
        rows, columns = np.nonzero(begins[:, : span - size + 1])
        end = first[rows] + columns + size
        within_window = (end - size >= windows[rows]) & (end <= windows[rows] + span) & (end <= len(code))
        rows, end = rows[within_window], end[within_window]
        values = numbers[end - 4] + end if how != "number" else numbers[end - 4].view(np.uint32).astype(np.int64)
        different, which = np.unique(values, return_inverse=True)
        # Addresses of kernels do not fit into an int64.
        addresses = [int(value) + (region.address if how != "number" else 0) for value in different]
        yield Named(rows, which, [image.word(address) or 0 for address in addresses] if how == "pointer" else addresses)


def _numbers(code: Bytes) -> NDArray[np.int32]:
    """The signed 32-bit number at every place, without a copy."""
    return np.ndarray((max(0, len(code) - 3),), np.dtype("<i4"), code, strides=(1,))


def steps(image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
    """The understood instructions; stack places of 32-bit code are registers from ``STACK`` on."""
    data = bytes(image.data[region.offset + start - region.address : region.offset + end - region.address])
    held, place = Registers(), 0
    for found in _STEP.finditer(data):
        at, kind, code = start + found.start(), found.lastgroup or "", found.group()
        if kind == "call":
            held.forget()
            place = 0
            yield Step(at, CALLED, 0)
            continue
        register, value = _effect(image, kind, code, at, held)
        if register == STACK:
            register, place = (-1, place) if value is None else (STACK + place % _STACK_PLACES, place + 1)
        if register >= 0:
            yield held.put(at, register, value)


def _effect(image: Image, kind: str, code: bytes, at: int, held: Registers) -> tuple[int, int | None]:
    """Register and value; a value of None says nothing."""
    if image.wide:
        return _effect_64(image, kind, code, at, held)
    number, second = int.from_bytes(code[-4:], "little"), code[min(1, len(code) - 1)] >> 3 & 7
    register = {"load": code[0] & 7, "relative": second, "fetch": 0 if code[:1] == b"\xa1" else second, "move": code[-1] & 7}.get(
        kind, STACK if kind in _TO_STACK else -1
    )
    match kind:
        case "push" | "store" | "load":
            return register, number
        case "relative":
            address = (image.base + number) & 0xFFFFFFFF
            return register, address if code[0] == 0x8D else image.word(address)  # noqa: PLR2004
        case "fetch" | "fetched":
            return register, image.word(number + (0 if kind == "fetch" or code[1] == 0x35 else image.base) & 0xFFFFFFFF)  # noqa: PLR2004
        case "pushed":
            return register, held.get(code[0] & 7)
    return register, held.get(second)


def _effect_64(image: Image, kind: str, code: bytes, at: int, held: Registers) -> tuple[int, int | None]:
    match kind:
        case "lea":
            address = at + 7 + _INT.unpack(code[-4:])[0]
            return (code[2] >> 3 & 7) + 8 * (code[0] == 0x4C), address if code[1] == 0x8D else image.word(address)  # noqa: PLR2004
        case "load":
            return code[0] & 7, int.from_bytes(code[-4:], "little")
        case "load64":
            return code[2] & 7, int.from_bytes(code[-4:], "little")
        case "move64":
            register, other = (code[2] >> 3 & 7) + 8 * bool(code[0] & 4), (code[2] & 7) + 8 * bool(code[0] & 1)
            return (other, held.get(register)) if code[1] == 0x89 else (register, held.get(other))  # noqa: PLR2004
        case "move":
            return code[1] & 7, held.get(code[1] >> 3 & 7)
    return -1, None
