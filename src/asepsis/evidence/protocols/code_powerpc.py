"""PowerPC, 32 bit: calls and constant addresses (Power ISA, SVR4 ABI supplement): bl, b · lis, addi, ori, mr, lwz.

Addresses of position-independent code are counted from a register that is set up elsewhere; these are not understood.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from asepsis.evidence.protocols.code import CALLED, Call, Image, Region, Registers, Step

_MASK = 0xFFFFFFFF
_LWZ = 32


def calls(image: Image, region: Region) -> Iterator[Call]:
    """Calls, and jumps that do not come back; before the secure PLT they go to the slot itself."""
    data = image.data[region.offset : region.offset + region.size]
    for number, (word,) in enumerate(struct.iter_unpack(image.order + "I", data[: len(data) & ~3])):
        if word & 0xFC000002 == 0x48000000:  # noqa: PLR2004
            at = region.address + 4 * number
            distance = word & 0x3FFFFFC
            target = (at + distance - (0x4000000 if distance & 0x2000000 else 0)) & _MASK
            name = image.functions.get(target) or image.slots.get(target)
            if name:
                yield Call(at, name)


def steps(image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
    """The understood instructions."""
    data = bytes(image.data[region.offset + start - region.address : region.offset + end - region.address])
    held = Registers()
    for number, (word,) in enumerate(struct.iter_unpack(image.order + "I", data[: len(data) & ~3])):
        at = start + 4 * number
        if word & 0xFC000003 == 0x48000001 or word in {0x4E800421, 0x4E800021}:  # noqa: PLR2004
            held.forget()
            yield Step(at, CALLED, 0)
            continue
        register, value = _effect(image, word, held)
        if register >= 0:
            yield held.put(at, register, None if value is None else value & _MASK)


def _effect(image: Image, word: int, held: Registers) -> tuple[int, int | None]:
    first, second, number = word >> 21 & 31, word >> 16 & 31, word & 0xFFFF
    signed = number - 0x10000 if number & 0x8000 else number
    base, kept = held.get(second), held.get(first)
    match word >> 26:
        case 15:
            return first, None if second else number << 16
        case 14:
            return first, signed if not second else None if base is None else base + signed
        case 24:
            return second, None if kept is None else kept | number
        case 31 if word & 0x7FF == 0x378:  # noqa: PLR2004
            return second, kept if first == word >> 11 & 31 else None
        case 32 | 34 | 40 as load:
            return first, image.word(base + signed & _MASK) if load == _LWZ and second and base is not None else None
    return -1, None
