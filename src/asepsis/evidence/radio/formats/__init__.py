"""Formats that hold recorded radio traffic and nothing else, in the order in which they are asked.

Captures of packets are read by their link types (``linked``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from asepsis.evidence.radio.formats import btsnoop, btsnooz, packet_logger
from asepsis.evidence.radio.frame import Frame
from asepsis.evidence.wire.ahead import Ahead

Begins = Callable[[bytes], bool]
Read = Callable[[Ahead, Callable[[int, str], None]], Iterator[Frame]]

FORMATS: tuple[tuple[Begins, Read], ...] = (
    (btsnoop.begins, btsnoop.frames),
    (btsnooz.begins, btsnooz.frames),
    (packet_logger.begins, packet_logger.frames),
)
"""Whether first bytes are of it, and what reads it."""
