"""MIPS, 32 bit, both byte orders: calls and constant addresses (MIPS32 Architecture, System V ABI MIPS supplement).

    lw rt, slot($gp) ... jalr $t9      call through the global offset table          jal address       direct call
    lw rt, slot($gp) ... bal near      the same, where the linker knows the function
    lw rt, slot($gp); addiu rt, rt, n  address in position-independent code          lui rt; addiu rt  address

The instruction after a jump is executed before it (delay slot). MIPS16 and microMIPS are not understood.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from asepsis.evidence.protocols.code import CALLED, Call, Image, Region, Registers, Step

_GP = 28
_BAL = 0x0411
_MASK = 0xFFFFFFFF


def calls(image: Image, region: Region) -> Iterator[Call]:
    """Direct calls, and loads of a function's address from the global offset table: its call follows."""
    known: dict[int, str | None] = {}
    data = image.data[region.offset : region.offset + region.size]
    for number, (word,) in enumerate(struct.iter_unpack(image.order + "I", data[: len(data) & ~3])):
        name = None
        if word & 0xFFE00000 == 0x8F800000:  # lw rt, n($gp)  # noqa: PLR2004
            slot = (image.base + _signed(word)) & _MASK
            if slot not in known:
                known[slot] = image.slots.get(slot) or image.functions.get(image.word(slot) or 0)
            name = known[slot]
        elif word >> 26 in {2, 3}:
            name = image.functions.get(region.address & 0xF0000000 | (word & 0x3FFFFFF) << 2)
        if name:
            yield Call(region.address + 4 * number, name)


def steps(image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
    """The understood instructions; that of a delay slot stands before its jump."""
    data = bytes(image.data[region.offset + start - region.address : region.offset + end - region.address])
    words = [word for (word,) in struct.iter_unpack(image.order + "I", data[: len(data) & ~3])]
    held = Registers()
    called = -1
    for number, word in enumerate(words):
        at = start + 4 * number
        if word >> 26 == 3 or word & 0xFC1FF83F == 0x0000F809 or word >> 16 == _BAL:  # jal, jalr  # noqa: PLR2004
            called = at
            continue
        register, value = _effect(image, word, held)
        if register > 0:
            yield held.put(called if called >= 0 else at, register, None if value is None else value & _MASK)
        if called >= 0:
            held.forget()
            yield Step(called, CALLED, 0)
            called = -1


def _effect(image: Image, word: int, held: Registers) -> tuple[int, int | None]:
    first, second, third, code = word >> 21 & 31, word >> 16 & 31, word >> 11 & 31, word >> 26
    known = held.get(first)
    match code:
        case 0x0F:
            return second, (word & 0xFFFF) << 16
        case 0x09 if known is not None:
            return second, known + _signed(word)
        case 0x23 if first == _GP:
            return second, image.word((image.base + _signed(word)) & _MASK)
        case 0x23 if known is not None:
            return second, image.word((known + _signed(word)) & _MASK)
        case 0:
            return third, known if word & 0x7FF in {0x21, 0x25} and not second else None
    return (second, None) if 8 <= code < 16 or 32 <= code < 40 else (0, None)  # noqa: PLR2004


def _signed(word: int) -> int:
    number = word & 0xFFFF
    return number - 0x10000 if number & 0x8000 else number
