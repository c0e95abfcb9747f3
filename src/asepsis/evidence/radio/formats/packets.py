"""From what a record holds to a frame, for the three ways in which logs hold HCI packets; also for pcap files of the same link types."""

from __future__ import annotations

from asepsis.evidence.radio.frame import Frame, Kind, Way

_new = tuple.__new__  # a call less for each of millions of records
_RECEIVED, _CONTROL = 1, 2
_DATA = frozenset({Kind.ACL, Kind.SCO, Kind.ISO})
_BY_OPCODE: dict[int, tuple[int, int]] = {
    2: (Kind.COMMAND, Way.SENT),
    3: (Kind.EVENT, Way.RECEIVED),
    4: (Kind.ACL, Way.SENT),
    5: (Kind.ACL, Way.RECEIVED),
    6: (Kind.SCO, Way.SENT),
    7: (Kind.SCO, Way.RECEIVED),
    18: (Kind.ISO, Way.SENT),
    19: (Kind.ISO, Way.RECEIVED),
}
_NEW_INDEX, _INDEX_INFO = 0, 10


def h1(number: int, time: int, flags: int, data: bytes) -> Frame:
    """HCI without a packet type: the flags say which way it went, and whether it is data."""
    way = flags & _RECEIVED
    kind = (Kind.EVENT if way else Kind.COMMAND) if flags & _CONTROL else Kind.ACL
    return Frame(number, time, kind, way, data)


def h4(number: int, time: int, flags: int, data: bytes) -> Frame:
    """HCI behind its packet type. Commands are sent and events received, whatever the flags say."""
    kind = data[0] if data else Kind.NOTE
    way = flags & _RECEIVED
    if kind == Kind.EVENT:
        way = Way.RECEIVED
    elif kind == Kind.COMMAND:
        way = Way.SENT
    elif kind not in _DATA:
        kind = Kind.NOTE
    return _new(Frame, (number, time, kind, way, data[1:], 0))


def monitor(number: int, time: int, flags: int, data: bytes) -> Frame:
    """The Linux monitor: controller in the upper, what it is in the lower half of the flags (BlueZ, ``src/shared/btsnoop.h``)."""
    adapter, opcode = flags >> 16, flags & 0xFFFF
    known = _BY_OPCODE.get(opcode)
    if known is not None:
        return Frame(number, time, known[0], known[1], data, adapter)
    if opcode == _NEW_INDEX:
        return Frame(number, time, Kind.ADAPTER, Way.RECEIVED, data[2:8], adapter)
    if opcode == _INDEX_INFO:
        return Frame(number, time, Kind.ADAPTER, Way.RECEIVED, data[:6], adapter)
    return Frame(number, time, Kind.NOTE, Way.UNKNOWN, b"", adapter)
