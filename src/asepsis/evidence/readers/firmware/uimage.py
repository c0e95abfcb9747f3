"""U-Boot legacy image: the header says which kernel it holds, even when the kernel itself cannot be unpacked.

::

    0  magic 27051956   4  header CRC   8  time   12  size   16  load   20  entry   24  data CRC   28  os  arch  type  compression   32  name[32]

All big-endian (U-Boot include/image.h). The header CRC covers the 64 bytes with its own field zeroed.

Known ways it lies: the name is free text; builders leave another kernel's name in it.
"""

from __future__ import annotations

import re
import struct
import zlib

from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import OperatingSystem

MAGIC = b"\x27\x05\x19\x56"
_HEADER = struct.Struct(">7I4B")
_SIZE, _NAME_SIZE = 64, 32
_LINUX = 5
_NAME = re.compile(r"Linux-(\d+\.\d+(?:\.\d+)?)|linux[ _]?(\d+\.\d+\.\d+)", re.IGNORECASE)


class UImageReader:
    """Emits the :class:`OperatingSystem` that the header's name states."""

    info = ReaderInfo("uimage", "Kernel named by a U-Boot image", (OperatingSystem,), ("uImage",), ("the name is free text",))
    signs = Signs(heads=(begins(MAGIC),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - the magic says it all
        """By the magic at the very beginning."""
        return Sureness.YES if head.startswith(MAGIC) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if the header's CRC is wrong."""
        raw = source.window(0, _SIZE)
        _, crc, *_, kind, _, _, _ = raw.unpack(_HEADER)
        name = raw.take(_NAME_SIZE)
        whole = bytes(raw.buffer)
        if zlib.crc32(whole[:4] + b"\0\0\0\0" + whole[8:]) != crc:
            raise Malformed("the header's checksum is wrong", offset=4)
        found = _NAME.search(name.rstrip(b"\0").decode("latin-1"))
        if kind == _LINUX and found:
            emit(OperatingSystem(source.where(offset=32), "Linux", found.group(1) or found.group(2), "linux"))
