"""From the bytes of a capture to its records: pcap and pcapng, plain or compressed with gzip or zstandard, from a stream that cannot be rewound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from asepsis.evidence.wire import pcap, pcapng
from asepsis.evidence.wire.ahead import Ahead
from asepsis.evidence.wire.notes import Notes
from asepsis.evidence.wire.packet import Record, Shortcut
from asepsis.guard.decompressed import GZIP, ZSTD, CannotDecompress, Decompressed
from asepsis.guard.limits import LimitReached

_MAGIC = 4
_NO_CAPTURE = "this is no capture: neither pcap nor pcapng begins like this"
_OTHERS = (
    (b"snoo", "a capture in snoop's format is not read: convert it with editcap"),
    (b"GMBU", "a capture of Microsoft Network Monitor is not read: convert it with editcap"),
    (b"RTSS", "a capture of Microsoft Network Monitor is not read: convert it with editcap"),
    (b"\xfd7zX", "the file is compressed with xz, which is not read here: decompress it first"),
    (b"BZh", "the file is compressed with bzip2, which is not read here: decompress it first"),
    (b"\x04\x22\x4d\x18", "the file is compressed with LZ4, which is not read here: decompress it first"),
    (b"PK\x03\x04", "this is an archive: take the captures out of it first"),
)

__all__ = ["Notes", "records"]


def records(stream: BinaryIO, complain: Callable[[int, str], None], notes: Notes | None = None, shortcut: Shortcut | None = None) -> Iterator[Record]:
    """Every packet of a capture that ``shortcut`` does not take, as soon as it has come in; ``notes`` takes what a pcapng file says besides.

    Memory is bounded by a block of 1 MiB and one packet, whatever the stream says. What is broken, or cannot be read, is told to ``complain`` with
    the number of the packet (0: the capture as a whole). Raises only what ``stream`` raises.
    """
    number, shortcut = 0, shortcut or Shortcut()
    try:
        for record in _records(stream, complain, notes or Notes(), shortcut):
            number = record[0]
            yield record
    except CannotDecompress as error:
        complain(max(number, shortcut.last), f"the rest of the capture was not read: {error}")
    except LimitReached as limit:
        complain(max(number, shortcut.last), f"the rest of the capture was not read: limit reached, {limit}")


def _records(stream: BinaryIO, complain: Callable[[int, str], None], notes: Notes, shortcut: Shortcut) -> Iterator[Record]:
    ahead = Ahead(getattr(stream, "read1", stream.read))
    ahead.need(_MAGIC)
    if ahead.data.startswith((GZIP, ZSTD)):
        ahead = Ahead(Decompressed(stream, ahead.data).read1)
        ahead.need(_MAGIC)
    if ahead.data.startswith(pcapng.SECTION_HEADER):
        return pcapng.records(ahead, complain, notes, shortcut)
    if pcap.byte_order(ahead.data):
        return pcap.records(ahead, complain, shortcut)
    complain(0, next((what for magic, what in _OTHERS if ahead.data.startswith(magic)), _NO_CAPTURE) if ahead.data else "the capture is empty")
    return iter(())
