"""From the bytes of a recording to its frames, whichever format it has, from a stream that cannot be rewound.

It may be compressed with gzip or zstandard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from asepsis.evidence.radio.formats import FORMATS
from asepsis.evidence.radio.formats.linked import NotRadio, frame
from asepsis.evidence.radio.frame import Frame
from asepsis.evidence.wire import pcap, pcapng
from asepsis.evidence.wire.ahead import Ahead
from asepsis.evidence.wire.notes import Notes
from asepsis.evidence.wire.packet import Shortcut
from asepsis.guard.decompressed import GZIP, ZSTD, CannotDecompress, Decompressed
from asepsis.guard.limits import LimitReached

_FIRST = 4096
_NO_RECORDING = "this is no recording of radio traffic: no format that is read begins like this"


def frames(stream: BinaryIO, complain: Callable[[int, str], None], left_out: Callable[[int, str, int], None], notes: Notes) -> Iterator[Frame]:
    """Every frame of a recording, as soon as it has come in.

    ``complain`` takes what is broken with the number of its record (0: the recording as a whole), ``left_out`` number, reason and length of a
    record that is none of radio traffic. ``notes`` takes what a pcapng file says besides. Raises only what ``stream`` raises.
    """
    number = 0
    try:
        for one in _frames(stream, complain, left_out, notes):
            number = one[0]
            yield one
    except CannotDecompress as error:
        complain(number, f"the rest of the recording was not read: {error}")
    except LimitReached as limit:
        complain(number, f"the rest of the recording was not read: limit reached, {limit}")


def _frames(stream: BinaryIO, complain: Callable[[int, str], None], left_out: Callable[[int, str, int], None], notes: Notes) -> Iterator[Frame]:
    ahead = Ahead(getattr(stream, "read1", stream.read))
    ahead.need(_FIRST)
    if ahead.data.startswith((GZIP, ZSTD)):
        ahead = Ahead(Decompressed(stream, ahead.data).read1)
        ahead.need(_FIRST)
    for begins, read in FORMATS:
        if begins(ahead.data):
            return read(ahead, complain)
    if ahead.data.startswith(pcapng.SECTION_HEADER) or pcap.byte_order(ahead.data):
        return _captured(ahead, complain, left_out, notes)
    complain(0, _NO_RECORDING if ahead.data else "the recording is empty")
    return iter(())


def _captured(ahead: Ahead, complain: Callable[[int, str], None], left_out: Callable[[int, str, int], None], notes: Notes) -> Iterator[Frame]:
    """Packets of a capture: those of Bluetooth are frames."""
    newer = ahead.data.startswith(pcapng.SECTION_HEADER)
    for record in pcapng.records(ahead, complain, notes, Shortcut()) if newer else pcap.records(ahead, complain, Shortcut()):
        try:
            yield frame(record)
        except NotRadio as reason:
            left_out(record.number, str(reason), record.length)
