r"""btsnoop: the log of a phone's or a computer's own Bluetooth traffic (RFC 1761's form with other numbers; BlueZ, ``doc/btsnoop.txt``).

::

    "btsnoop\0"  version (1)  kind                                      8 4 4 bytes, most significant first
    length  captured  flags  dropped so far  microseconds  data         4 4 4 4 8 bytes, then the data

Kinds: 1001 HCI without packet type (the flags tell it), 1002 HCI with packet type (H4), 2001 the Linux monitor (the flags hold the controller and
what it is). Times count from the year 0. Known ways it lies: lengths of a record that was overwritten or cut by a rotating log. Where something that
looks like records follows, three in a row, reading goes on there, and says so.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from asepsis.evidence.radio.formats.packets import h1, h4, monitor
from asepsis.evidence.radio.frame import Frame
from asepsis.evidence.wire.ahead import Ahead
from asepsis.guard.limits import KIB, MIB

MAGIC = b"btsnoop\0"
EPOCH = 0x00DCDDB30F2F8000
"""Microseconds from the year 0 to 1970."""
LONGEST = 70 * KIB
"""An HCI packet has 65,539 bytes at most (Core, volume 4, part E, 5.4.2)."""
SEARCHED = MIB
MOST_SEARCHES = 100
_FILE_HEAD, _HEAD = 16, 24
_IN_A_ROW = 3
_SAME_DAYS = 30 * 24 * 3600 * 1_000_000
_H1, _H4, _MONITOR = 1001, 1002, 2001
_KINDS = {_H1: h1, _H4: h4, _MONITOR: monitor}
_NOT_READ = {1003: "BCSP", 1004: "H5 (three-wire)", 2002: "the Linux monitor's simulator"}


def begins(first: bytes) -> bool:
    """Whether these first bytes are those of such a file."""
    return first.startswith(MAGIC)


def frames(ahead: Ahead, complain: Callable[[int, str], None]) -> Iterator[Frame]:
    """Every frame; what is broken is complained of with the number of the record."""
    if not ahead.need(_FILE_HEAD):
        complain(0, "the log ends in its file header")
        return
    version, kind = struct.unpack_from(">II", ahead.data, ahead.offset + len(MAGIC))
    ahead.offset += _FILE_HEAD
    if version != 1:
        complain(0, f"btsnoop of version {version} is read as version 1")
    if kind not in _KINDS:
        complain(0, f"btsnoop logs of the kind {kind} ({_NOT_READ.get(kind, 'not known')}) are not read")
        return
    yield from _Reading(ahead, complain, kind).all()


class _Reading:
    """One file on its way."""

    def __init__(self, ahead: Ahead, complain: Callable[[int, str], None], kind: int) -> None:
        self.ahead, self.complain, self.frame = ahead, complain, _KINDS[kind]
        self.number, self.searches, self.dropped = 0, 0, 0

    def all(self) -> Iterator[Frame]:
        """Everything, in few steps a record: logs hold millions."""
        ahead, unpack, frame = self.ahead, struct.Struct(">IIIIQ").unpack_from, self.frame
        number, wanted, length, captured = 0, _HEAD, 0, 0
        while ahead.need(wanted):
            data, offset, wanted = ahead.data, ahead.offset, _HEAD
            last = len(data) - _HEAD
            while offset <= last:
                length, captured, flags, dropped, time = unpack(data, offset)
                start = offset + _HEAD
                after = start + captured
                if captured > LONGEST or captured > length:
                    break
                if after > len(data):
                    wanted = after - offset
                    break
                number += 1
                offset = after
                if dropped != self.dropped or captured < length:
                    self._lacks(number, dropped, captured < length)
                yield frame(number, max(0, (time - EPOCH) * 1000), flags, data[start:after])
            else:
                length = captured = 0
            ahead.offset, self.number = offset, number
            if (captured > LONGEST or captured > length) and not self._found_again(time):
                return
        if len(ahead.data) > ahead.offset:
            self.complain(number + 1, "the log ends in the middle of this record")

    def _lacks(self, number: int, dropped: int, cut: bool) -> None:
        """The recorder counts what it could not keep; some leave nonsense there, so only a step up by a believable number is told."""
        if 0 < dropped - self.dropped < MIB:
            self.complain(number, f"{dropped - self.dropped} records are missing before this one: the recorder could not keep up")
        self.dropped = dropped
        if cut:
            self.complain(number, "this record was cut when it was recorded")

    def _found_again(self, time: int) -> bool:
        """Move to the next records in a row after one whose length is a lie; False if there are none near."""
        self.searches += 1
        if self.searches > MOST_SEARCHES:
            self.complain(self.number + 1, f"more than {MOST_SEARCHES} records lie about their length: the rest was not read")
            return False
        self.ahead.need(SEARCHED + _IN_A_ROW * (_HEAD + LONGEST))
        data, start = self.ahead.data, self.ahead.offset
        for place in range(start + 1, min(start + SEARCHED, len(data) - _HEAD + 1)):
            if data[place : place + 2] == b"\0\0" and self._in_a_row(data, place, time):
                self.complain(self.number + 1, "the length of this record is a lie; bytes were left out until records follow again")
                self.ahead.offset = place
                return True
        self.complain(self.number + 1, "the length of this record is a lie, and no records were found after it: the rest was not read")
        return False

    def _in_a_row(self, data: bytes, place: int, time: int) -> bool:
        for _ in range(_IN_A_ROW):
            if place + _HEAD > len(data):
                return False
            length, captured, _flags, _dropped, when = struct.unpack_from(">IIIIQ", data, place)
            if not 0 < captured <= length <= LONGEST or abs(when - time) > _SAME_DAYS:
                return False
            place += _HEAD + captured
            if place == len(data):
                return True
        return True
