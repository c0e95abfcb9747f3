"""The logs of network monitors (Zeek, Suricata) as events, for the same observers that captures have.

A log is read from a stream that cannot be rewound, plain or compressed with gzip or zstandard, line by line. What is broken is told with the number
of its line, and the rest is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from asepsis.evidence.wire.logs.line import Line, NotUnderstood
from asepsis.evidence.wire.logs.suricata import Suricata
from asepsis.evidence.wire.logs.zeek import Zeek
from asepsis.guard.decompressed import GZIP, ZSTD, CannotDecompress, Decompressed
from asepsis.guard.limits import MIB, LimitReached

LONGEST_LINE = MIB
_BLOCK = MIB

__all__ = ["Line", "lines"]


def lines(stream: BinaryIO, complain: Callable[[int, str], None]) -> Iterator[Line]:
    """Every line of a log, as soon as it has come in. Memory is bounded by a block and one line of 1 MiB.

    What is broken, or cannot be read, is told to ``complain`` with the number of the line (0: the log as a whole). Raises only what ``stream``
    raises.
    """
    zeek, suricata, number = Zeek(), Suricata(), 0
    try:
        for number, raw in enumerate(_cut(stream), 1):
            try:
                line = _line(raw, number, zeek, suricata)
            except NotUnderstood as why:
                complain(number, f"a line of the log is not understood: {why}")
                line = Line(number, 0)
            if line is not None:
                yield line._replace(size=len(raw))
    except CannotDecompress as error:
        complain(number, f"the rest of the log was not read: {error}")
    except LimitReached as limit:
        complain(number, f"the rest of the log was not read: limit reached, {limit}")
    if suricata.dropped:
        complain(0, f"the sensor that wrote the log lost {suricata.dropped} packets, of which it says nothing")


def _line(raw: bytes, number: int, zeek: Zeek, suricata: Suricata) -> Line | None:
    """None for a line that is empty or belongs to the head."""
    if len(raw) > LONGEST_LINE:
        raise NotUnderstood("it is longer than 1 MiB")
    if not raw.strip():
        return None
    if raw.startswith(b"#"):
        zeek.head(raw.decode("utf-8", "replace").rstrip("\r"))
        return None
    if not raw.lstrip().startswith(b"{"):
        return zeek.text(raw.decode("utf-8", "surrogateescape").rstrip("\r"), number)
    values = _object(raw)
    return suricata.json(values, number) if "event_type" in values else zeek.json(values, number)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotUnderstood("it is no JSON object") from error


def _cut(stream: BinaryIO) -> Iterator[bytes]:
    """The lines without their ends. Of one that is longer than the bound, a little more than the bound."""
    read = getattr(stream, "read1", stream.read)
    first: bytes = read(_BLOCK)
    if first.startswith((GZIP, ZSTD)):
        read = Decompressed(stream, first).read1
        first = read(_BLOCK)
    held, block = b"", first
    while block:
        *whole, last = block.split(b"\n")
        if whole:
            yield held + whole[0]
            yield from whole[1:]
            held = last
        elif len(held) <= LONGEST_LINE:
            held += last
        block = read(_BLOCK)
    if held:
        yield held
