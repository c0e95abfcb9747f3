"""64-bit ARM: calls and constant addresses (ARM DDI 0487): bl, b · adrp, adr, add rd,rn,#n, ldr rd,[rn,#n], mov rd,rm."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from asepsis.evidence.protocols.code import CALLED, Call, Image, Region, Registers, Step

_STUB = 17
"""The register that stubs load an address into: they call for others."""


def calls(image: Image, region: Region) -> Iterator[Call]:
    """Calls, jumps that do not come back, and loads of an imported function's address: its call follows."""
    data = image.data[region.offset : region.offset + (region.size & ~3)]
    pages: dict[int, int] = {}
    for number, (word,) in enumerate(struct.iter_unpack("<I", data[: len(data) & ~3])):
        if word & 0x7C000000 == 0x14000000:  # noqa: PLR2004
            at = region.address + 4 * number
            name = image.functions.get(at + _signed(word & 0x3FFFFFF, 26) * 4)
            if name:
                yield Call(at, name)
        elif word & 0x9F000000 == 0x90000000:  # noqa: PLR2004
            pages[word & 31] = _page(word, region.address + 4 * number)
        elif image.slots and word & 0xFFC00000 == 0xF9400000:  # noqa: PLR2004
            name = image.slots.get(pages.get(word >> 5 & 31, 0) + (word >> 10 & 0xFFF) * 8)
            if name and word & 31 != _STUB:
                yield Call(region.address + 4 * number, name)


def steps(image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
    """The understood instructions."""
    data = bytes(image.data[region.offset + start - region.address : region.offset + end - region.address])
    held = Registers()
    for number, (word,) in enumerate(struct.iter_unpack("<I", data[: len(data) & ~3])):
        at = start + 4 * number
        if word & 0xFC000000 == 0x94000000 or word & 0xFFFFFC1F == 0xD63F0000:  # noqa: PLR2004
            held.forget()
            yield Step(at, CALLED, 0)
            continue
        is_branch, is_store = word >> 26 & 7 == 5, word >> 25 & 5 == 4 and not word >> 22 & 1  # noqa: PLR2004
        if not is_branch and not is_store:
            yield held.put(at, word & 31, _value(image, word, at, held))


def _page(word: int, at: int) -> int:
    """The page that an ``adrp`` names."""
    return (at & ~0xFFF) + (_signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21) << 12)


def _value(image: Image, word: int, at: int, held: Registers) -> int | None:
    first = held.get(word >> 5 & 31)
    near = _signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21)
    if word & 0x9F000000 == 0x90000000:  # noqa: PLR2004
        return _page(word, at)
    if word & 0x9F000000 == 0x10000000:  # noqa: PLR2004
        return at + near
    if word & 0xFF800000 == 0x91000000 and first is not None:  # noqa: PLR2004
        return first + ((word >> 10 & 0xFFF) << (12 if word & 0x400000 else 0))
    if word & 0xFFE0FFE0 == 0xAA0003E0:  # noqa: PLR2004
        return held.get(word >> 16 & 31)
    if word & 0xFFC00000 == 0xF9400000 and first is not None:  # noqa: PLR2004
        return image.word(first + (word >> 10 & 0xFFF) * 8)
    return None


def _signed(number: int, bits: int) -> int:
    return number - (1 << bits) if number >> (bits - 1) & 1 else number
