"""32-bit ARM in both its instruction sets, A32 and Thumb-2: calls and constant addresses (ARM DDI 0406C).

    A32    bl, b           ldr rd,[pc,#n]   add rd,pc,rm   add/sub rd,rn,#n   movw, movt   mov rd,rm   ldr rd,[rn,#n or rm]
    Thumb  bl, blx, b.w    ldr rd,[pc,#n]   add rd,pc      adr rd, adds       movw, movt   mov rd,rm   ldr rd,[rn,#n or rm]

A program may hold both; each is looked for at every place where it can stand, and what is found by chance points nowhere.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

from asepsis.evidence.protocols.code import CALLED, Call, Image, Region, Registers, Step

_MASK = 0xFFFFFFFF


def calls(image: Image, region: Region) -> Iterator[Call]:
    """Calls and jumps of both instruction sets."""
    data = image.data[region.offset : region.offset + region.size]
    for number, (word,) in enumerate(struct.iter_unpack(image.order + "I", data[: len(data) & ~3])):
        if word & 0x0E000000 == 0x0A000000:  # noqa: PLR2004
            at = region.address + 4 * number
            name = image.functions.get(_branch(word, at))
            if name:
                yield Call(at, name)
    for number, (first,) in enumerate(struct.iter_unpack(image.order + "H", data[: len(data) & ~1])):
        if first & 0xF800 == 0xF000 and 2 * number + 4 <= len(data):  # noqa: PLR2004
            at = region.address + 2 * number
            name = image.functions.get(_thumb_branch(first, struct.unpack_from(image.order + "H", data, 2 * number + 2)[0], at))
            if name:
                yield Call(at, name)


def _branch(word: int, at: int) -> int:
    distance = (word & 0xFFFFFF) << 2
    return (at + 8 + distance - (0x4000000 if distance & 0x2000000 else 0)) & _MASK


def _thumb_branch(first: int, second: int, at: int) -> int:
    """The target of BL, BLX or B.W; -1 for what is none of them. Functions are known by their even address."""
    if second & 0xC000 != 0xC000 and second & 0xD000 != 0x9000:  # noqa: PLR2004
        return -1
    sign, high, low = first >> 10 & 1, first & 0x3FF, second & 0x7FF
    one, two = 1 - ((second >> 13 & 1) ^ sign), 1 - ((second >> 11 & 1) ^ sign)
    distance = (one << 23 | two << 22 | high << 12 | low << 1) - (sign << 24)
    start = at + 4
    if second & 0xD000 == 0xC000:  # BLX counts from a multiple of four  # noqa: PLR2004
        start &= ~3
    return (start + distance) & _MASK


def steps(image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
    """A32 where the window has the look of it, else Thumb."""
    start = max(region.address, start & ~3)
    data = bytes(image.data[region.offset + start - region.address : region.offset + end - region.address])
    words = [word for (word,) in struct.iter_unpack(image.order + "I", data[: len(data) & ~3])]
    halves = [half for (half,) in struct.iter_unpack(image.order + "H", data[: len(data) & ~1])]
    return _steps_a32(image, words, start) if _is_a32(words, halves) else _steps_thumb(image, halves, start)


def _is_a32(words: list[int], halves: list[int]) -> bool:
    """Most words are executed always; in a short function, where constants take much of the room, a third, and its calls are of that kind."""
    always = sum(word >> 28 == 0xE for word in words)  # noqa: PLR2004
    if 2 * always > len(words):
        return True
    thumb = sum(first & 0xF800 == 0xF000 and second & 0xD000 == 0xD000 for first, second in pairwise(halves))  # noqa: PLR2004
    return 3 * always > len(words) and sum(word >> 24 == 0xEB for word in words) > thumb  # noqa: PLR2004


def _steps_a32(image: Image, words: list[int], start: int) -> Iterator[Step]:
    held = Registers()
    for number, word in enumerate(words):
        at = start + 4 * number
        if word & 0x0F000000 == 0x0B000000 or word & 0x0FFFFFF0 == 0x012FFF30:  # noqa: PLR2004
            held.forget()
            yield Step(at, CALLED, 0)
            continue
        if _writes_a32(word):
            value = _value_a32(image, word, at, held)
            yield held.put(at, word >> 12 & 15, None if value is None else value & _MASK)


def _writes_a32(word: int) -> bool:
    """Arithmetic that keeps its result, and loads."""
    if word >> 26 & 3 == 1:
        return bool(word >> 20 & 1)
    moves_half = word & 0x0FB00000 == 0x03000000  # noqa: PLR2004
    return word >> 26 & 3 == 0 and (moves_half or word >> 23 & 3 != 2)  # noqa: PLR2004


def _value_a32(image: Image, word: int, at: int, held: Registers) -> int | None:
    first = at + 8 if word >> 16 & 15 == 15 else held.get(word >> 16 & 15)  # noqa: PLR2004
    if word >> 26 & 3 == 1:
        return None if first is None else _loaded_a32(image, word, first, held)
    match word & 0x0FF00000:
        case 0x02800000 | 0x02400000 if first is not None:
            turn = (word >> 8 & 15) * 2
            number = ((word & 0xFF) >> turn | (word & 0xFF) << (32 - turn)) & _MASK
            return first + number if word & 0x00800000 else first - number
        case 0x00800000 if not word & 0xFF0 and first is not None:
            second = held.get(word & 15)
            return None if second is None else first + second
        case 0x03000000 | 0x03400000:
            half = word >> 4 & 0xF000 | word & 0xFFF
            return half << 16 | (held.get(word >> 12 & 15) or 0) & 0xFFFF if word & 0x00400000 else half
        case 0x01A00000 if not word & 0xFF0:
            return held.get(word & 15)
    return None


def _loaded_a32(image: Image, word: int, first: int, held: Registers) -> int | None:
    """A word beside the code, or from a table whose place is known: the loader's, or one of constants."""
    if word & 0x0F700000 == 0x05100000:  # noqa: PLR2004
        return image.word(first + (word & 0xFFF) * (1 if word & 0x00800000 else -1) & _MASK)
    second = held.get(word & 15)
    return None if word & 0x0FF00FF0 != 0x07900000 or second is None else image.word((first + second) & _MASK)  # noqa: PLR2004


def _steps_thumb(image: Image, halves: list[int], start: int) -> Iterator[Step]:
    held = Registers()
    number = 0
    while number < len(halves):
        at, first = start + 2 * number, halves[number]
        long = first >= 0xE800  # noqa: PLR2004
        second = halves[number + 1] if long and number + 1 < len(halves) else 0
        number += 2 if long else 1
        if (long and first & 0xF800 == 0xF000 and second & 0xC000 == 0xC000) or first & 0xFF87 == 0x4780:  # noqa: PLR2004
            held.forget()
            yield Step(at, CALLED, 0)
            continue
        register, value = _wide_thumb(image, first, second, at, held) if long else _narrow_thumb(image, first, at, held)
        if register >= 0:
            yield held.put(at, register, None if value is None else value & _MASK)


def _narrow_thumb(image: Image, code: int, at: int, held: Registers) -> tuple[int, int | None]:
    register, number = code >> 8 & 7, code & 0xFF
    match code & 0xF800:
        case 0x4800:
            return register, image.word((at + 4 & ~3) + 4 * number)
        case 0xA000:
            return register, (at + 4 & ~3) + 4 * number
        case 0x3000:
            return register, _sum(held.get(register), number)
        case 0x2000 | 0x2800 | 0x3800 | 0x9800:
            return register, None
    return _low_thumb(image, code, at, held)


def _low_thumb(image: Image, code: int, at: int, held: Registers) -> tuple[int, int | None]:
    """Where the register stands in the lowest bits."""
    high = code & 7 | code >> 4 & 8
    if code & 0xFF78 == 0x4478:  # noqa: PLR2004
        return high, _sum(held.get(high), at + 4)
    if code & 0xFF00 == 0x4600:  # noqa: PLR2004
        return high, held.get(code >> 3 & 15)
    base = held.get(code >> 3 & 7)
    if code & 0xF800 == 0x6800 or code & 0xFE00 == 0x5800:  # noqa: PLR2004
        place = _sum(base, code >> 4 & 0x7C if code & 0x2000 else held.get(code >> 6 & 7))
        return code & 7, None if place is None else image.word(place & _MASK)
    return (code & 7, None) if code < 0x4000 or (code >> 11 & 1 and 0x6000 <= code < 0x9000) else (-1, None)  # arithmetic; loads  # noqa: PLR2004


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _wide_thumb(image: Image, first: int, second: int, at: int, held: Registers) -> tuple[int, int | None]:
    register = second >> 8 & 15
    number = (first & 15) << 12 | (first >> 10 & 1) << 11 | (second >> 12 & 7) << 8 | second & 0xFF
    match first & 0xFBF0:
        case 0xF240:
            return register, number
        case 0xF2C0:
            return register, (held.get(register) or 0) & 0xFFFF | number << 16
    if first & 0xFF7F == 0xF85F:  # noqa: PLR2004
        return second >> 12, image.word((at + 4 & ~3) + (second & 0xFFF) * (1 if first & 0x80 else -1))
    if first & 0xFBFF in {0xF20F, 0xF2AF}:
        return register, (at + 4 & ~3) + (number & 0xFFF) * (1 if first & 0xFBFF == 0xF20F else -1)  # noqa: PLR2004
    return (second >> 12, None) if first & 0xFE50 == 0xF850 else (-1, None)  # a load  # noqa: PLR2004
