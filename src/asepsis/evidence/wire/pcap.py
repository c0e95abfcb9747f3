"""Records of a pcap file (draft-ietf-opsawg-pcap), in microseconds or nanoseconds and either byte order; also Kuznetzov's modified pcap.

::

    magic  major  minor  time zone  accuracy  snap length  link type      4 2 2 4 4 4 4 bytes
    seconds  fraction  captured length  length  data                      16 bytes, 24 in modified pcap, then the data

Known ways it lies: lengths of a broken or overwritten record. If what follows looks like records again, three in a row of the same hours, reading
goes on there, and says so.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from asepsis.evidence.wire.ahead import Ahead
from asepsis.evidence.wire.packet import Record, Shortcut
from asepsis.guard.limits import KIB, MIB

MAGICS = {0xA1B2C3D4: (1000, 16), 0xA1B23C4D: (1, 16), 0xA1B2CD34: (1000, 24)}
"""By magic number: nanoseconds in a unit of the fraction, bytes of a record's head."""
LONGEST_PACKET = 256 * KIB
"""As libpcap allows (MAXIMUM_SNAPLEN); a longer one is a lie."""
SEARCHED = MIB
"""How far the next record is looked for after a broken one."""
MOST_SEARCHES = 100
"""Looking for records is slow, and a file with so many lies is no capture."""
_FILE_HEADER = 24
_IN_A_ROW = 3
_SAME_HOURS = 24 * 3600
_SECOND = 1_000_000_000
_LINK_TYPE = 0xFFFF
"""The bits above tell the length of a frame check sequence."""


def byte_order(first: bytes) -> str:
    """``<`` or ``>`` if these first four bytes are those of a pcap file, else nothing."""
    return next((order for order in "<>" if len(first) >= 4 and struct.unpack_from(order + "I", first)[0] in MAGICS), "")  # noqa: PLR2004


def records(ahead: Ahead, complain: Callable[[int, str], None], shortcut: Shortcut) -> Iterator[Record]:
    """Every record that ``shortcut`` does not take, after :func:`byte_order` has recognised the file.

    What is broken is complained of with the number of the packet.
    """
    order = byte_order(ahead.data[ahead.offset : ahead.offset + 4])
    if not ahead.need(_FILE_HEADER):
        complain(0, "the capture ends in its file header")
        return
    magic, snap_length, link = struct.unpack_from(order + "I12xII", ahead.data, ahead.offset)
    ahead.offset += _FILE_HEADER
    unit, head = MAGICS[magic]
    reading = _Reading(ahead, complain, struct.Struct(order + "IIII"), unit, head, link & _LINK_TYPE, max(snap_length, LONGEST_PACKET))
    yield from reading.all(shortcut)


class _Reading:
    """One file on its way."""

    def __init__(
        self, ahead: Ahead, complain: Callable[[int, str], None], head: struct.Struct, unit: int, size: int, link: int, longest: int
    ) -> None:
        self.ahead, self.complain, self.unit, self.size, self.link = ahead, complain, unit, size, link
        self.head, self.longest, self.number, self.searches = head, min(longest, MIB), 0, 0

    def all(self, shortcut: Shortcut) -> Iterator[Record]:
        """Everything, in as few steps a record as Python allows: captures hold hundreds of millions."""
        ahead, unpack, size, unit, link, longest = self.ahead, self.head.unpack_from, self.size, self.unit, self.link, self.longest
        number, new, wanted, take = 0, tuple.__new__, size, shortcut.take
        while ahead.need(wanted):
            data, offset, wanted = ahead.data, ahead.offset, size
            last = len(data) - size
            while offset <= last:
                seconds, fraction, captured, length = unpack(data, offset)
                start = offset + size
                after = start + captured
                if captured > longest:
                    break
                if after > len(data):
                    wanted = after - offset
                    break
                number += 1
                time = seconds * _SECOND + fraction * unit
                if not take(data, start, after, link, number, time):
                    yield new(Record, (number, time, link, data[start:after], length))
                offset = after
            else:
                captured = 0
            ahead.offset, self.number = offset, number
            if captured > longest and not self._found_again(seconds):
                return
            wanted = min(wanted, size + longest)
        if len(ahead.data) > ahead.offset:
            self.complain(number + 1, "the capture ends in the middle of this packet")

    def _found_again(self, seconds: int) -> bool:
        """Move to the next records in a row after a record whose length is a lie; False if there are none near."""
        self.searches += 1
        if self.searches > MOST_SEARCHES:
            self.complain(self.number + 1, f"more than {MOST_SEARCHES} packets lie about their length: the rest was not read")
            return False
        self.ahead.need(SEARCHED + _IN_A_ROW * (self.size + self.longest))
        data, start = self.ahead.data, self.ahead.offset
        for place in range(start + 1, min(start + SEARCHED, len(data) - self.size)):
            if self._in_a_row(data, place, seconds):
                self.complain(self.number + 1, "the length of this packet is a lie; bytes were left out until packets follow again")
                self.ahead.offset = place
                return True
        self.complain(self.number + 1, "the length of this packet is a lie, and no packets were found after it: the rest was not read")
        return False

    def _in_a_row(self, data: bytes, place: int, seconds: int) -> bool:
        for _ in range(_IN_A_ROW):
            if place + self.size > len(data):
                return False
            when, fraction, captured, length = self.head.unpack_from(data, place)
            if not 0 < captured <= min(length, self.longest) or length > self.longest:
                return False
            if abs(when - seconds) > _SAME_HOURS or fraction * self.unit >= _SECOND:
                return False
            place += self.size + captured
            if place == len(data):
                return True
        return True
