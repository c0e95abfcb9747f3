"""Frames in a pcap or pcapng capture, by its link types (https://www.tcpdump.org/linktypes.html).

187 and 201 HCI behind its packet type, without and with direction; 254 the Linux monitor; 251 and 256 the LE link layer, without and with a header of
the sniffer's; 272 nRF Sniffer; 192 PPI around 251 or, as older Ubertooth tools wrote, around a user's own type. Packets that a sniffer heard with a
wrong checksum are left out: they say what nobody said.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from asepsis.evidence.radio.formats.packets import h4, monitor
from asepsis.evidence.radio.frame import Frame, Kind, Way
from asepsis.evidence.wire.packet import Record

H4, H4_WITH_WAY, LE, LE_WITH_HEADER, MONITOR, NRF, PPI = 187, 201, 251, 256, 254, 272, 192
BLUETOOTH = frozenset({H4, H4_WITH_WAY, LE, LE_WITH_HEADER, MONITOR, NRF})
"""Link types that are nothing else; PPI may carry anything."""
_USER, _BTLE_FIELD = 147, 30006
NOT_READ = frozenset({*(f"link type {link} is not read" for link in BLUETOOTH), *(f"link type {link} in PPI is not read" for link in (LE, _USER))})
"""Why whoever reads traffic of networks leaves such packets out: where this is said, a capture holds radio traffic."""
_CHECKSUM = 3
_DECRYPTED, _CHECKED, _VALID, _CODED = 0x0008, 0x0400, 0x0800, 2
_NRF_HEAD, _NRF_VALID, _NRF_FROM_CENTRAL = 17, 0x01, 0x02
_WAYS = {2: Way.CENTRAL, 3: Way.PERIPHERAL}
"""By type of packet in the flags of link type 256."""


class NotRadio(Exception):
    """A record is none of radio traffic, or cannot be used; the message says why, in words for the coverage."""


def frame(record: Record) -> Frame:
    """The frame in a record. Raises ``NotRadio``."""
    read = _READ.get(record.link)
    if read is None:
        raise NotRadio(f"link type {record.link} is not read")
    try:
        return read(record)
    except (struct.error, IndexError) as error:
        raise NotRadio("packet cut short") from error


def _h4(record: Record) -> Frame:
    made = h4(record.number, record.time, 0, record.data)
    return made._replace(way=Way.UNKNOWN) if made.kind in {Kind.ACL, Kind.SCO, Kind.ISO} else made


def _h4_with_way(record: Record) -> Frame:
    (way,) = struct.unpack_from(">I", record.data)
    return h4(record.number, record.time, way, record.data[4:])


def _monitor(record: Record) -> Frame:
    (flags,) = struct.unpack_from(">I", record.data)
    return monitor(record.number, record.time, flags, record.data[4:])


def _le(record: Record, start: int = 0, way: int = Way.UNKNOWN, kind: int = Kind.AIR) -> Frame:
    whole = len(record.data) >= record.length
    data = record.data[start:-_CHECKSUM] if whole else record.data[start:]
    return Frame(record.number, record.time, kind, way, data)


def _le_with_header(record: Record) -> Frame:
    (flags,) = struct.unpack_from("<H", record.data, 8)
    if flags & _CHECKED and not flags & _VALID:
        raise NotRadio("heard with errors")
    made = _le(record, 10, _WAYS.get(flags >> 7 & 7, Way.UNKNOWN), Kind.CLEARED if flags & _DECRYPTED else Kind.AIR)
    return made._replace(data=made.data[:4] + made.data[5:]) if flags >> 14 == _CODED else made


def _nrf(record: Record) -> Frame:
    """Board, head of six bytes, head of ten with flags first behind its length (nRF Sniffer for Bluetooth LE, versions 2 to 4)."""
    flags = record.data[8]
    if not flags & _NRF_VALID:
        raise NotRadio("heard with errors")
    return _le(record, _NRF_HEAD, Way.CENTRAL if flags & _NRF_FROM_CENTRAL else Way.PERIPHERAL)


def _ppi(record: Record) -> Frame:
    length, link = struct.unpack_from("<HI", record.data, 2)
    field = struct.unpack_from("<H", record.data, 8)[0] if length >= 12 else 0
    if link == LE or (link == _USER and field == _BTLE_FIELD):
        return _le(record, length)
    raise NotRadio(f"link type {link} in PPI is not read")


_READ: dict[int, Callable[[Record], Frame]] = {
    H4: _h4,
    H4_WITH_WAY: _h4_with_way,
    MONITOR: _monitor,
    LE: _le,
    LE_WITH_HEADER: _le_with_header,
    NRF: _nrf,
    PPI: _ppi,
}
