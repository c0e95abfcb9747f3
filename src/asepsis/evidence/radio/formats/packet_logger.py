"""PacketLogger: the log of Apple's tool of that name (``.pklg``), as Wireshark's ``packetlogger`` reader describes it.

::

    length  seconds  microseconds  type  data          4 4 4 1 bytes, length counts from the seconds on

Older ones are most significant byte first, newer ones least; nothing says which, so the first records in a row decide. Types: 0 command, 1 event, 2
and 3 data sent and received, 8 and 9 sound, 10 and 11 isochronous data; others are texts of the tool. Known ways it lies: lengths.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from asepsis.evidence.radio.frame import Frame, Kind, Way
from asepsis.evidence.wire.ahead import Ahead
from asepsis.guard.limits import KIB

LONGEST = 128 * KIB
_HEAD, _OF_LENGTH = 13, 9
_TYPES: dict[int, tuple[int, int]] = {
    0x00: (Kind.COMMAND, Way.SENT),
    0x01: (Kind.EVENT, Way.RECEIVED),
    0x02: (Kind.ACL, Way.SENT),
    0x03: (Kind.ACL, Way.RECEIVED),
    0x08: (Kind.SCO, Way.SENT),
    0x09: (Kind.SCO, Way.RECEIVED),
    0x0A: (Kind.ISO, Way.SENT),
    0x0B: (Kind.ISO, Way.RECEIVED),
}
_OF_THE_TOOL = frozenset({*range(0xF7, 0x100)})
_MICROSECONDS = 1_000_000
_SEEN_FIRST = 3


def begins(first: bytes) -> bool:
    """Whether these first bytes look like such a file: up to three records in a row, in one byte order."""
    return bool(_order(first))


def frames(ahead: Ahead, complain: Callable[[int, str], None]) -> Iterator[Frame]:
    """Every frame; what is broken is complained of with the number of the record."""
    order, number = _order(ahead.data[ahead.offset :]) or "<", 0
    head = struct.Struct(order + "IIIB").unpack_from
    while ahead.need(_HEAD):
        length, seconds, fraction, kind = head(ahead.data, ahead.offset)
        number += 1
        if not _OF_LENGTH <= length <= LONGEST:
            complain(number, "the length of this record is a lie: the rest was not read")
            return
        if not ahead.need(length + 4):
            complain(number, "the log ends in the middle of this record")
            return
        start = ahead.offset + _HEAD
        ahead.offset += length + 4
        what, way = _TYPES.get(kind, (Kind.NOTE, Way.UNKNOWN))
        yield Frame(number, (seconds * _MICROSECONDS + min(fraction, _MICROSECONDS)) * 1000, what, way, ahead.data[start : ahead.offset])
    if len(ahead.data) > ahead.offset:
        complain(number + 1, "the log ends in the middle of this record")


def _order(first: bytes) -> str:
    return next((order for order in "><" if _in_a_row(first, order)), "")


def _in_a_row(first: bytes, order: str) -> bool:
    place = 0
    for seen in range(_SEEN_FIRST):
        if place + _HEAD > len(first):
            return seen > 1 or (seen == 1 and place == len(first))
        length, _seconds, fraction, kind = struct.unpack_from(order + "IIIB", first, place)
        if not _OF_LENGTH <= length <= LONGEST or fraction >= _MICROSECONDS or (kind not in _TYPES and kind not in _OF_THE_TOOL):
            return False
        place += length + 4
    return True
