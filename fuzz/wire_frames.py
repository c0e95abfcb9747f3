"""What the fuzz targets of captures and packets share: seeds, and what is promised of every input."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from io import BytesIO

from harness import EMITTED
from tests.unit.evidence.wire import frames

from asepsis.evidence.wire.capture import Notes, records
from asepsis.evidence.wire.packet import Record

PACKETS = (
    frames.ethernet(frames.ipv4(frames.tcp(b"MSH|^~\\&|"))),
    frames.ethernet(frames.ipv6(frames.udp(b"hello"), 17), 0x86DD),
)
PCAPNG = frames.section() + frames.interface(1, frames.option(9, b"\x09")) + b"".join(frames.enhanced(data, 1) for data in PACKETS)
CAPTURES = (
    frames.pcap(*PACKETS),
    frames.pcap(*PACKETS, order=">", magic=0xA1B23C4D),
    frames.pcap(*PACKETS, magic=0xA1B2CD34),
    PCAPNG,
    PCAPNG + frames.section(">") + frames.interface(113, order=">") + frames.enhanced(PACKETS[0], 5, order=">", options=frames.option(1, b"x", ">")),
    PCAPNG + frames.block(4, frames.option(1, frames.A4 + b"pump\0")) + frames.block(3, b"\x04\0\0\0data"),
    gzip.compress(PCAPNG, mtime=0),
)
MOST_COMPLAINTS_A_BYTE = 1


def all_records(data: bytes) -> Iterator[Record]:
    """Every record of a capture; what is said of it is in words, and not more often than it has bytes."""
    said = 0

    def complain(packet: int, what: str) -> None:
        nonlocal said
        said += 1
        assert packet >= 0
        assert what.isprintable()

    last = 0
    for record in records(BytesIO(data), complain, Notes()):
        EMITTED["Record"] += 1
        assert last < record.number <= last + 1 + said
        last = record.number
        yield record
    assert said <= MOST_COMPLAINTS_A_BYTE * max(1, len(data))
