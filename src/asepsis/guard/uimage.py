"""U-Boot's legacy image (``include/image.h`` of U-Boot: ``image_header_t``): 64 bytes of header, then the payload.

| offset | bytes | field |
|---|---|---|
| 0 | 4 | magic 27 05 19 56, big-endian as all numbers |
| 4 | 4 | CRC-32 of the header with this field as zero |
| 12 | 4 | size of the payload |
| 24 | 4 | CRC-32 of the payload |
| 30 | 1 | type; 4 means several payloads, each size in a table that a zero ends |
| 32 | 32 | name |

Known ways it lies: the size may reach beyond the file; makers sign or encrypt the payload and keep the header. A header whose checksum is wrong is
taken for chance, as the boot loader does.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause

HEADER_BYTES = 64
_HEADER = struct.Struct(">7I4B32s")
_MAGIC = 0x27051956
_MULTI = 4
_MOST_PARTS = 64
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Header:
    """What matters of the header; sizes in bytes."""

    payload_bytes: int
    payload_crc: int
    several: bool


def read_header(head: bytes) -> Header | None:
    """The header in the first 64 bytes, or None if its magic or its checksum is wrong."""
    if len(head) < HEADER_BYTES:
        return None
    fields = _HEADER.unpack_from(head)
    bare = head[:4] + bytes(4) + head[8:HEADER_BYTES]
    if fields[0] != _MAGIC or fields[1] != zlib.crc32(bare) or fields[3] == 0:
        return None
    return Header(fields[3], fields[6], fields[9] == _MULTI)


def open_image(image: Path, folder: Path) -> list[Trouble]:
    """Write the payloads as ``payload`` or ``payload-1``, ``payload-2``… under ``folder``, which exists. Raises ``OSError``."""
    with image.open("rb") as file:
        header = read_header(file.read(HEADER_BYTES))
        if header is None:
            return [Trouble(Cause.BROKEN_INPUT, "is no U-Boot image after all", shut=True)]
        sizes = list(_part_sizes(file.read(4 * (_MOST_PARTS + 1)))) if header.several else []
        table = 4 * (len(sizes) + 1) if sizes else 0
        whole = not sizes or table + sum(sizes) > header.payload_bytes
        file.seek(HEADER_BYTES)
        crc = _copy(file, folder / "payload", header.payload_bytes) if whole else _checksum(file, header.payload_bytes)
        file.seek(HEADER_BYTES + table)
        for number, size in enumerate(() if whole else sizes, 1):
            _copy(file, folder / f"payload-{number}", size)
            file.seek(-size % 4, 1)
    if crc != header.payload_crc:
        return [Trouble(Cause.BROKEN_INPUT, "the payload does not have the checksum of its header: changed or damaged")]
    return []


def _part_sizes(table: bytes) -> Iterator[int]:
    for (size,) in struct.iter_unpack(">I", table[: len(table) // 4 * 4]):
        if size == 0:
            return
        yield size


def _copy(file: BinaryIO, target: Path, size: int) -> int:
    """Copy ``size`` bytes; their CRC-32."""
    crc = 0
    with target.open("wb") as out:
        while size > 0 and (block := file.read(min(size, _BLOCK))):
            out.write(block)
            crc = zlib.crc32(block, crc)
            size -= len(block)
    return crc


def _checksum(file: BinaryIO, size: int) -> int:
    crc = 0
    while size > 0 and (block := file.read(min(size, _BLOCK))):
        crc = zlib.crc32(block, crc)
        size -= len(block)
    return crc
