"""The package database of RPM called *ndb*: ``Packages.db``. No I/O.

::

    0  'RpmP'  version(4)  generation(4)  pages of slots(4)      32  slots of 16 bytes, up to the end of those pages of 4096 bytes
       slot    'Slot'  package(4)  first block(4)  blocks(4)         a package's number is 0 where the slot is free
       blob    'BlbS'  package(4)  generation(4)  length(4)  header  ...  at first block x 16

Little-endian. Source: RPM's description of its format in ``lib/backend/ndb``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from asepsis.evidence.reader import Malformed
from asepsis.guard.source import BoundedSource

MAGIC = b"RpmP"
_PAGE, _HEADER, _SLOT_SIZE, _BLOCK = 4096, 32, 16, 16
_SLOT, _BLOB = b"Slot", b"BlbS"


def records(source: BoundedSource) -> Iterator[tuple[int, bytes]]:
    """Place and bytes of each package's header. Raises ``Malformed`` or ``OutOfBounds``; together they are never longer than the file."""
    (pages,) = struct.unpack("<I", source.window(12, 4).buffer)
    slots = source.window(_HEADER, min(pages * _PAGE, source.size) - _HEADER)
    left = source.size
    for number, (magic, package, block, _) in enumerate(struct.iter_unpack("<4s3I", slots.buffer[: slots.size // _SLOT_SIZE * _SLOT_SIZE])):
        if magic != _SLOT:
            raise Malformed("a slot has another beginning", offset=_HEADER + number * _SLOT_SIZE)
        if not package:
            continue
        place = block * _BLOCK
        start, owner, length = struct.unpack("<4sI4xI", source.window(place, 16).buffer)
        left -= length
        if start != _BLOB or owner != package or left < 0:
            raise Malformed("a slot leads to no package", offset=_HEADER + number * _SLOT_SIZE)
        yield place + 16, bytes(source.window(place + 16, length).buffer)
