"""From the bytes of a capture to its records: pcap and pcapng, plain or compressed with gzip or zstandard, from a stream that cannot be rewound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from asepsis.evidence.wire import pcap, pcapng
from asepsis.evidence.wire.ahead import Ahead
from asepsis.evidence.wire.notes import Notes
from asepsis.evidence.wire.packet import Record
from asepsis.guard.decompressed import GZIP, ZSTD, CannotDecompress, Decompressed
from asepsis.guard.limits import LimitReached

_MAGIC = 4

__all__ = ["Notes", "records"]


def records(stream: BinaryIO, complain: Callable[[int, str], None], notes: Notes | None = None) -> Iterator[Record]:
    """Every packet of a capture, as soon as it has come in; ``notes`` takes what a pcapng file says besides.

    Memory is bounded by a block of 1 MiB and one packet, whatever the stream says. What is broken, or cannot be read, is told to ``complain`` with
    the number of the packet (0: the capture as a whole). Raises only what ``stream`` raises.
    """
    number = 0
    try:
        for record in _records(stream, complain, notes or Notes()):
            number = record[0]
            yield record
    except CannotDecompress as error:
        complain(number, f"the rest of the capture was not read: {error}")
    except LimitReached as limit:
        complain(number, f"the rest of the capture was not read: limit reached, {limit}")


def _records(stream: BinaryIO, complain: Callable[[int, str], None], notes: Notes) -> Iterator[Record]:
    ahead = Ahead(getattr(stream, "read1", stream.read))
    ahead.need(_MAGIC)
    if ahead.data.startswith((GZIP, ZSTD)):
        ahead = Ahead(Decompressed(stream, ahead.data).read1)
        ahead.need(_MAGIC)
    if ahead.data.startswith(pcapng.SECTION_HEADER):
        return pcapng.records(ahead, complain, notes)
    if pcap.byte_order(ahead.data):
        return pcap.records(ahead, complain)
    complain(0, "this is no capture: neither pcap nor pcapng begins like this" if ahead.data else "this is no capture: it is empty")
    return iter(())
