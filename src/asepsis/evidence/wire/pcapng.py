"""Records of a pcapng file (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces with clocks of their own.

::

    type  total length  body …  total length        4 4 n 4 bytes, padded to 4; lengths in the byte order of the section

Read are section header, interface description, enhanced, simple and (obsolete) packet, name resolution and interface statistics blocks; keys of
decryption secrets blocks are not looked at. Known ways it lies: two total lengths that differ, options longer than their block.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from math import gcd
from typing import NamedTuple

from asepsis.evidence.wire.ahead import Ahead
from asepsis.evidence.wire.notes import Notes
from asepsis.evidence.wire.packet import Record, Shortcut
from asepsis.guard.limits import MIB

SECTION_HEADER = b"\x0a\x0d\x0d\x0a"
MOST_INTERFACES = 4096
"""Of one section."""
LATEST = (1 << 63) - 1
"""In nanoseconds since 1970, in the year 2262; nothing that works with dates needs to know later ones."""
LONGEST_BLOCK = 16 * MIB
"""A longer one is left out: no packet of a network is as long."""
_SECTION, _INTERFACE, _PACKET, _SIMPLE, _NAMES, _STATISTICS, _ENHANCED, _SECRETS = 0x0A0D0D0A, 1, 2, 3, 4, 5, 6, 10
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_SMALLEST = 12
_COMMENT, _RESOLUTION, _OFFSET, _DROPPED = 1, 9, 14, 5
_SECOND = 1_000_000_000
_ADDRESS_SIZES = {1: 4, 2: 16}
_ENHANCED_HEAD = 28
_OPTION_HEAD, _MICROSECONDS, _LONGEST_NAME = 4, 6, 255
_FIXED = {_SECTION: 16, _INTERFACE: 8, _PACKET: 20, _SIMPLE: 4, _NAMES: 0, _STATISTICS: 12, _ENHANCED: 20}
"""Bytes of a block's body before what varies."""


class _Interface(NamedTuple):
    """A unit of its clock is ``times`` / ``divided`` nanoseconds; it started ``plus`` nanoseconds after 1970."""

    link: int
    snap_length: int
    times: int
    divided: int
    plus: int

    def time(self, high: int, low: int) -> int:
        return ((high << 32) + low) * self.times // self.divided + self.plus


def records(ahead: Ahead, complain: Callable[[int, str], None], notes: Notes, shortcut: Shortcut) -> Iterator[Record]:
    """Every packet of every section that ``shortcut`` does not take; what is broken is complained of with the number of the next packet."""
    return _Reading(ahead, complain, notes, shortcut).all()


@dataclass(slots=True)
class _Reading:
    """One file on its way. ``time`` is that of the last packet: a simple packet block has none of its own."""

    ahead: Ahead
    complain: Callable[[int, str], None]
    notes: Notes
    shortcut: Shortcut
    order: str = "<"
    interfaces: list[_Interface] = field(default_factory=list)
    dropped: dict[int, int] = field(default_factory=dict)
    number: int = 0
    time: int = 0

    def all(self) -> Iterator[Record]:
        """Everything to the end, or to where blocks can no longer be told apart."""
        while True:
            yield from self._in_a_row()
            length = self._length_of_next()
            if not length:
                return
            if length > LONGEST_BLOCK:
                self._complain("a block longer than any packet was left out")
                whole = self.ahead.skip(length)
            else:
                whole = self.ahead.need(length)
                if whole and (packet := self._block(length)) is not None:
                    yield packet
            if not whole:
                self._complain("the capture ends in the middle of this packet")
                return

    def _in_a_row(self) -> Iterator[Record]:
        """The enhanced packet blocks that come next, are whole in the buffer and have no options: in few steps, for nearly all blocks are such."""
        data, offset, number, interfaces, new = self.ahead.data, self.ahead.offset, self.number, self.interfaces, tuple.__new__
        unpack, last = struct.Struct(self.order + "7I").unpack_from, len(data) - _ENHANCED_HEAD
        known, time, take = len(interfaces), self.time, self.shortcut.take
        while offset <= last:
            kind, total, which, high, low, captured, length = unpack(data, offset)
            after = offset + total
            if kind != _ENHANCED or which >= known or after > len(data) or total != _ENHANCED_HEAD + 4 + (captured + 3 & ~3):
                break
            if data[after - 4 : after] != data[offset + 4 : offset + 8]:
                break
            link, _, times, divided, plus = interfaces[which]
            time = ((high << 32) + low) * times // divided + plus
            if not 0 <= time <= LATEST:
                break
            number += 1
            start = offset + _ENHANCED_HEAD
            self.ahead.offset, self.number, self.time = after, number, time
            if not take(data, start, start + captured, link, number, time):
                yield new(Record, (number, time, link, data[start : start + captured], length))
            offset = after

    def _complain(self, what: str) -> None:
        self.complain(self.number + 1, what)

    def _length_of_next(self) -> int:
        """The total length of the next block; 0 at the end of what can be read."""
        ahead = self.ahead
        if not ahead.need(_SMALLEST):
            if len(ahead.data) > ahead.offset:
                self._complain("the capture ends in the middle of this packet")
            return 0
        if ahead.data.startswith(SECTION_HEADER, ahead.offset) and not self._set_byte_order():
            self._complain("a section has no byte order: the rest was not read")
            return 0
        (length,) = struct.unpack_from(self.order + "I", ahead.data, ahead.offset + 4)
        if length < _SMALLEST or length % 4:
            self._complain("the length of a block is a lie: the rest was not read")
            return 0
        return int(length)

    def _set_byte_order(self) -> bool:
        magic = self.ahead.data[self.ahead.offset + 8 : self.ahead.offset + 12]
        self.order = next((order for order in "<>" if magic == struct.pack(order + "I", _BYTE_ORDER_MAGIC)), "")
        return bool(self.order)

    def _block(self, length: int) -> Record | None:
        """Take in one block that is whole; the packet in it, if it is one."""
        data, start, after = self.ahead.data, self.ahead.offset, self.ahead.offset + length
        (kind,) = struct.unpack_from(self.order + "I", data, start)
        self.ahead.offset = after
        if struct.unpack_from(self.order + "I", data, after - 4)[0] != length:
            self._complain("a block has two total lengths; it was read by the first one")
        if length - _SMALLEST < _FIXED.get(kind, 0):
            self._complain("a block is too short for its type")
            return None
        if kind == _ENHANCED:
            return self._enhanced(data, start + 8, after - 4)
        if kind == _SIMPLE:
            return self._simple(data, start + 8, after - 4)
        if kind == _PACKET:
            return self._obsolete(data, start + 8, after - 4)
        self._other(kind, data[start + 8 : after - 4])
        return None

    # --- packets ---------------------------------------------------------------------------------------------

    def _enhanced(self, data: bytes, start: int, after: int) -> Record | None:
        which, high, low, captured, length = struct.unpack_from(self.order + "IIIII", data, start)
        return self._packet(data, start + 20, after, which, (high, low), (captured, length))

    def _obsolete(self, data: bytes, start: int, after: int) -> Record | None:
        which, _drops, high, low, captured, length = struct.unpack_from(self.order + "HHIIII", data, start)
        return self._packet(data, start + 20, after, which, (high, low), (captured, length))

    def _simple(self, data: bytes, start: int, after: int) -> Record | None:
        (length,) = struct.unpack_from(self.order + "I", data, start)
        snap_length = self.interfaces[0].snap_length if self.interfaces else 0
        captured = min(length, snap_length or length, after - start - 4)
        return self._packet(data, start + 4, after, 0, None, (captured, length))

    def _packet(self, data: bytes, start: int, after: int, which: int, when: tuple[int, int] | None, lengths: tuple[int, int]) -> Record | None:
        captured, length = lengths
        interface = self.interfaces[which] if which < len(self.interfaces) else None
        end = min(start + captured, after)
        if interface is None:
            self._complain("this packet came in at an interface that is not described; it was left out")
        elif when is not None:
            self._set_time(interface.time(*when))
        if end < start + captured:
            self._complain("this packet is said to be longer than its block; it was cut there")
        elif after - end >= _OPTION_HEAD:
            self._comments(data[start + (captured + 3 & ~3) : after])
        self.number += 1
        return None if interface is None else Record(self.number, self.time, interface.link, data[start:end], length)

    def _set_time(self, time: int) -> None:
        if 0 <= time <= LATEST:
            self.time = time
        else:
            self._complain("the time of this packet cannot be; that of the one before stands for it")

    # --- the rest --------------------------------------------------------------------------------------------

    def _other(self, kind: int, body: bytes) -> None:
        if kind == _SECTION:
            self.interfaces, self.dropped = [], {}
        elif kind == _INTERFACE:
            self._describe(body)
        elif kind == _NAMES:
            self._names(body)
        elif kind == _STATISTICS:
            self._statistics(body)
        elif kind == _SECRETS:
            self.notes.secrets += 1
        else:
            self.notes.unknown_blocks += 1
        if kind in {_SECTION, _INTERFACE, _STATISTICS}:
            self._comments(body[_FIXED[kind] :])

    def _describe(self, body: bytes) -> None:
        link, _, snap_length = struct.unpack_from(self.order + "HHI", body)
        options = dict(self._options(body[8:]))
        resolution, offset = options.get(_RESOLUTION, b"\x06"), options.get(_OFFSET, bytes(8))
        if len(self.interfaces) >= MOST_INTERFACES:
            self._complain("more interfaces than a section may have; what comes in at them was left out")
            return
        power = resolution[0] if resolution else _MICROSECONDS
        ticks = 1 << (power & 0x7F) if power & 0x80 else 10 ** (power & 0x7F)
        (seconds,) = struct.unpack(self.order + "q", offset) if len(offset) == 8 else (0,)  # noqa: PLR2004
        common = gcd(_SECOND, ticks)
        self.interfaces.append(_Interface(link, snap_length, _SECOND // common, ticks // common, seconds * _SECOND))

    def _statistics(self, body: bytes) -> None:
        (which,) = struct.unpack_from(self.order + "I", body)
        for code, value in self._options(body[12:]):
            if code == _DROPPED and len(value) == 8 and which < len(self.interfaces):  # noqa: PLR2004
                (so_far,) = struct.unpack(self.order + "Q", value)
                self.notes.dropped += max(0, so_far - self.dropped.get(which, 0))
                self.dropped[which] = so_far

    def _names(self, body: bytes) -> None:
        for kind, value in self._options(body):
            size = _ADDRESS_SIZES.get(kind)
            if size is not None and len(value) > size:
                address = str(ip_address(value[:size]))
                for name in value[size:].split(b"\0"):
                    if name:
                        self.notes.name(address, name[:_LONGEST_NAME].decode("utf-8", "replace"))

    def _comments(self, options: bytes) -> None:
        self.notes.comments += sum(code == _COMMENT for code, _ in self._options(options))

    def _options(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Options and name records are made alike: code, length, value, padding; until code 0 or the end."""
        place = 0
        while place + _OPTION_HEAD <= len(data):
            code, length = struct.unpack_from(self.order + "HH", data, place)
            if not code:
                return
            place += _OPTION_HEAD
            if place + length > len(data):
                self._complain("an option is longer than its block")
                return
            yield code, data[place : place + length]
            place += length + 3 & ~3
