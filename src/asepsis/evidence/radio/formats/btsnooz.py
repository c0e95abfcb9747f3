"""btsnooz: the last Bluetooth traffic in memory of an Android phone, as its bug report holds it in base64 (AOSP, ``system/bt/tools/scripts``).

::

    --- BEGIN:BTSNOOP_LOG_SUMMARY (1234 bytes in) ---
    base64 …
    --- END:BTSNOOP_LOG_SUMMARY ---

    version  microseconds of the last record since 1970             1 8 bytes, least significant first; then zlib
    length  [whole length]  microseconds since the one before  type  data          2 [2] 4 1 bytes, then the data

Its own source calls them milliseconds. The whole length is there from version 2 on. The phone keeps only the beginning of longer data, so that
much of what was said is missing. Known ways it lies: a log that is cut by the end of the report, records longer than the log.
"""

from __future__ import annotations

import struct
import zlib
from binascii import Error, a2b_base64
from collections.abc import Callable, Iterator

from asepsis.evidence.radio.frame import Frame, Kind, Way
from asepsis.evidence.wire.ahead import Ahead
from asepsis.guard.limits import MIB

BEGIN, END = b"--- BEGIN:BTSNOOP_LOG_SUMMARY", b"--- END:BTSNOOP_LOG_SUMMARY"
_REPORT = b"== dumpstate:"
MOST_ENCODED, MOST_DECODED = 32 * MIB, 64 * MIB
_HEADS = {1: struct.Struct("<HIB"), 2: struct.Struct("<HHIB")}
_TYPES: dict[int, tuple[int, int]] = {
    0x10: (Kind.EVENT, Way.RECEIVED),
    0x11: (Kind.ACL, Way.RECEIVED),
    0x12: (Kind.SCO, Way.RECEIVED),
    0x17: (Kind.ISO, Way.RECEIVED),
    0x20: (Kind.COMMAND, Way.SENT),
    0x21: (Kind.ACL, Way.SENT),
    0x22: (Kind.SCO, Way.SENT),
    0x2D: (Kind.ISO, Way.SENT),
}


def begins(first: bytes) -> bool:
    """Whether these first bytes are those of a bug report in text, or of a log that was taken out of one."""
    return _REPORT in first or first.lstrip(b"\r\n ").startswith(BEGIN)


def frames(ahead: Ahead, complain: Callable[[int, str], None]) -> Iterator[Frame]:
    """Every frame of the first log in a report; what is broken is complained of with the number of the record."""
    encoded = _encoded(ahead, complain)
    if encoded is None:
        complain(0, "no log of Bluetooth traffic is in this bug report: switch the HCI snoop log on, or give its file itself")
        return
    try:
        data = a2b_base64(encoded)
    except Error:
        complain(0, "the log in this bug report is no base64: it was not read")
        return
    if len(data) < 9 or data[0] not in _HEADS:
        complain(0, "the log in this bug report is of no version that is read")
        return
    (last,) = struct.unpack_from("<Q", data, 1)
    yield from _records(_inflated(data[9:], complain), _HEADS[data[0]], last * 1000, complain)


def _encoded(ahead: Ahead, complain: Callable[[int, str], None]) -> bytes | None:
    """The lines between the marks: the report is read on in pieces, and only the log is kept."""
    while (place := ahead.data.find(BEGIN, ahead.offset)) < 0:
        ahead.offset = max(ahead.offset, len(ahead.data) - len(BEGIN))
        if not ahead.need(len(ahead.data) - ahead.offset + 1):
            return None
    ahead.offset = place
    while (end := ahead.data.find(END, ahead.offset)) < 0:
        if len(ahead.data) - ahead.offset > MOST_ENCODED or not ahead.need(len(ahead.data) - ahead.offset + 1):
            complain(0, "the log in this bug report has no end: it was read as far as it goes")
            end = min(len(ahead.data), ahead.offset + MOST_ENCODED)
            break
    lines = ahead.data[ahead.offset : end].partition(b"\n")[2]
    text = b"".join(lines.split())
    return text[: len(text) & ~3]


def _inflated(data: bytes, complain: Callable[[int, str], None]) -> bytes:
    """What was compressed, as far as it goes."""
    out, inflate = b"", zlib.decompressobj()
    try:
        out = inflate.decompress(data, MOST_DECODED)
    except zlib.error:
        complain(0, "the log in this bug report is broken: nothing could be decompressed")
        return b""
    if inflate.unconsumed_tail:
        complain(0, f"the log in this bug report is longer than {MOST_DECODED} bytes: the rest was not read")
    elif not inflate.eof:
        complain(0, "the log in this bug report is cut short")
    return out


def _records(data: bytes, head: struct.Struct, last: int, complain: Callable[[int, str], None]) -> Iterator[Frame]:
    """Times count back from the last record: all that passes between records is added up first."""
    places, place, passed = [], 0, 0
    while place + head.size <= len(data):
        fields = head.unpack_from(data, place)
        passed += fields[-2]
        places.append(place)
        place += head.size + max(0, fields[0] - 1)
    time = last - passed * 1000
    for number, start in enumerate(places, 1):
        length, *_whole, passed, kind = head.unpack_from(data, start)
        time += passed * 1000
        body = data[start + head.size : start + head.size + max(0, length - 1)]
        if len(body) < length - 1:
            complain(number, "the log ends in the middle of this record")
        what, way = _TYPES.get(kind, (Kind.NOTE, Way.UNKNOWN))
        yield Frame(number, max(0, time), what, way, body)
