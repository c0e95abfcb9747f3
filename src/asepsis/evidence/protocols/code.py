"""Machine code, as little of it as is needed: which functions are called, and with which constant texts. No I/O.

No disassembler: calls are found by their encoding, and only the few instructions that build an address (load, add, move) are understood, in a
window around each call. What is not understood is passed over, so that an answer may be missing and is hardly ever wrong: an address counts only
if it points at a text in the file. Each processor has a file of its own: ``code_x86``, ``code_arm``, ``code_aarch64``, ``code_mips``,
``code_powerpc``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from asepsis.guard.limits import LimitReached

LONGEST_TEXT = 160
_PRINTED = re.compile(r"[ -~\t\r\n]+\Z")


class Region(NamedTuple):
    """A part of the file that is loaded: ``address``, ``offset``, ``size``, and whether it holds code."""

    address: int
    offset: int
    size: int
    code: bool


class Starts:
    """Where the functions of a program begin. Few programs are asked, and a large one has tens of thousands: they are read when it is."""

    def __init__(self, read: Callable[[], dict[int, str]]) -> None:
        """``read`` gives the name of each function by its address."""
        self._read = read

    @cached_property
    def names(self) -> dict[int, str]:
        """Address → name."""
        return self._read()

    @cached_property
    def ordered(self) -> list[int]:
        """The addresses in order."""
        return sorted(self.names)

    def around(self, at: int) -> str:
        """The name of the function that holds an address; empty if the program was stripped."""
        place = bisect_right(self.ordered, at)
        return self.names[self.ordered[place - 1]] if place else ""


@dataclass(frozen=True, slots=True)
class Image:
    """A program as code sees it.

    ``slots`` are the table entries through which imported functions are called, ``functions`` those at a fixed address; ``base`` is what
    position-independent code counts from (the address of the global offset table; on MIPS the value of ``gp``); ``arguments`` the registers
    of the first two arguments; ``starts`` where each function begins, if the program was not stripped;
    ``through`` remembers what calls through a slot in each region.
    """

    data: memoryview
    machine: str
    big: bool
    wide: bool
    regions: tuple[Region, ...]
    slots: dict[int, str]
    functions: dict[int, str]
    base: int = 0
    arguments: tuple[int, ...] = ()
    starts: Starts = field(default_factory=lambda: Starts(dict))
    through: dict[Region, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def code(self) -> tuple[Region, ...]:
        """The regions of code."""
        return tuple(region for region in self.regions if region.code)

    def code_within(self, most: int) -> tuple[Region, ...]:
        """The regions of code. Raises ``LimitReached`` if they are more than ``most`` bytes together."""
        size = sum(region.size for region in self.code)
        if size > most:
            raise LimitReached("code_bytes", most, size)
        return self.code

    @property
    def order(self) -> str:
        """For ``struct``."""
        return ">" if self.big else "<"

    def offset_of(self, address: int) -> int | None:
        """Where in the file the byte lies that is loaded at ``address``."""
        for region in self.regions:
            if region.address <= address < region.address + region.size:
                return region.offset + address - region.address
        return None

    def word(self, address: int) -> int | None:
        """The number that the file holds at ``address``: four bytes, or eight in a 64-bit program."""
        offset, size = self.offset_of(address), 8 if self.wide else 4
        if offset is None or offset + size > len(self.data):
            return None
        return int.from_bytes(self.data[offset : offset + size], "big" if self.big else "little")

    def text(self, address: int, *, two_bytes: bool = False) -> str:
        """The text at ``address``: printable ASCII up to a NUL, else nothing; also nothing in the middle of a text.

        ``two_bytes``: a character takes two (Windows).
        """
        offset = self.offset_of(address)
        if offset is None or (offset and " " < chr(self.data[offset - 2 if two_bytes and offset > 1 else offset - 1]) <= "~"):
            return ""
        raw = bytes(self.data[offset : offset + (2 * LONGEST_TEXT if two_bytes else LONGEST_TEXT)])
        if two_bytes:
            text, found, _ = raw.decode("utf-16-le", "replace").partition("\0")
        else:
            text, found, _ = raw.decode("latin-1").partition("\0")
        return text if found and text.strip() and _PRINTED.match(text) else ""


_X86_START = (
    rb"\xf3\x0f\x1e[\xfa\xfb]"
    rb"|(?:\xc3|(?P<jump>\xe9.{4}|\xeb.))(?:[\x90\xcc\x66\x2e\x00]|\x0f\x1f.|\x89\xf6|\x8d[\x74\x76\xb4\xb6\xb7\xbc-\xbf]\x26?){0,15}"
    rb"(?=[\x53\x55-\x57]|\x41[\x54-\x57]|\x48[\x81\x83]\xec|[\x81\x83]\xec)"
)
"""After a return; after a jump (a call that does not come back) only at a place that compilers give to functions."""
_X86_PLACE = 16
_BEGINNINGS = {
    "x86": re.compile(_X86_START, re.DOTALL),
    "x86-64": re.compile(_X86_START, re.DOTALL),
    "arm": re.compile(rb".[\x40-\x5f]\x2d\xe9|.\xb5|\x2d\xe9.[\x40-\x5f]", re.DOTALL),
    "aarch64": re.compile(rb"\xfd\x7b[\x80-\xbf]\xa9", re.DOTALL),
    "mips": re.compile(rb"\x27\xbd[\x80-\xff].|.[\x80-\xff]\xbd\x27", re.DOTALL),
    "powerpc": re.compile(rb"\x94\x21[\x80-\xff].", re.DOTALL),
}
"""How functions begin: they save the return address and make room on the stack (x86: after the end of another)."""
_STEP_BYTES = {"x86": 1, "x86-64": 1, "arm": 2}


def function_around(image: Image, region: Region, at: int, before: int, after: int) -> tuple[int, int]:
    """The part of the function around an address that lies within so many bytes: by its symbol, else by how functions begin."""
    low, high = max(region.address, at - before), min(region.address + region.size, at + after)
    if starts := image.starts.ordered:
        place = bisect_right(starts, at)
        low = max(low, starts[place - 1]) if place else low
        return low, min(high, starts[place]) if place < len(starts) else high
    code = bytes(image.data[region.offset + low - region.address : region.offset + high - region.address])
    each = _STEP_BYTES.get(image.machine, 4)
    first = low
    for found in _BEGINNINGS[image.machine].finditer(code):
        start = first + (found.end() if each == 1 else found.start())
        if start % (_X86_PLACE if found.lastgroup else each):
            continue
        if start > at:
            return low, start
        low = start
    return low, high


class Call(NamedTuple):
    """A call ``at`` an address of the function ``name``."""

    at: int
    name: str


class Step(NamedTuple):
    """What an instruction ``at`` an address does: ``register`` becomes ``value``, or ``UNKNOWN``; register ``CALLED``: a call is made."""

    at: int
    register: int
    value: int


CALLED = UNKNOWN = -1


class Processor(Protocol):
    """What each processor's file offers."""

    def calls(self, image: Image, region: Region) -> Iterator[Call]:
        """The calls in a region of code whose function has a name in ``image``."""

    def steps(self, image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
        """The understood instructions between two addresses, in order."""


def constants(steps: Iterator[Step], call: int, arguments: tuple[int, ...]) -> tuple[int, ...]:
    """The values that are in the argument registers when the call at an address is made, as far as they are constants.

    Values that stood there before another call in between are taken to be lost: functions may overwrite these registers.
    """
    held: dict[int, int] = {}
    for step in steps:
        if step.register == CALLED:
            if step.at >= call:
                break
            held.clear()
        else:
            held[step.register] = step.value
    return tuple(held[number] for number in arguments if held.get(number, UNKNOWN) != UNKNOWN)


class Registers:
    """What the registers hold, as far as it is a constant."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._held: dict[int, int] = {}

    def get(self, register: int) -> int | None:
        """The constant in a register, or None."""
        return self._held.get(register)

    def forget(self) -> None:
        """A call was made: functions may overwrite every register."""
        self._held.clear()

    def put(self, at: int, register: int, value: int | None) -> Step:
        """An instruction writes ``value`` (None: something that is no constant)."""
        if value is None:
            self._held.pop(register, None)
            return Step(at, register, UNKNOWN)
        self._held[register] = value
        return Step(at, register, value)
