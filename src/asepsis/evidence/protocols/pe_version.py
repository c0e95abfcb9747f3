"""The version resource of a PE program (``VS_VERSIONINFO``). No I/O.

``MZ`` · offset of the PE header at 0x3C · ``PE`` and two zeros · COFF header 20 bytes · optional header, whose third directory is the resources ·
section table of 40 bytes each. Resources are a tree of three levels (type 16, name, language), its leaves name a piece of the file (Microsoft,
*PE Format*). The piece holds ``VS_FIXEDFILEINFO`` (signature FEEF04BD) and texts in UTF-16.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from asepsis.guard.source import BoundedSource, OutOfBounds

MAGIC = b"MZ"
_VERSION_TYPE = 16
MOST_SECTIONS = 96
MOST_ENTRIES = 256
MOST_BYTES = 64 * 1024
_FIXED = struct.pack("<I", 0xFEEF04BD)
_OPTIONAL = {0x10B: 96, 0x20B: 112}
"""Magic of the optional header (32 and 64 bits) → where its directories begin."""
_TEXT = re.compile("(ProductName|FileDescription|ProductVersion|FileVersion|OriginalFilename|CompanyName)\0+([^\0]{1,128})\0")


@dataclass(frozen=True, slots=True)
class Version:
    """``file`` and ``product`` are four numbers each; ``texts`` are by name."""

    file: tuple[int, int, int, int]
    product: tuple[int, int, int, int]
    texts: dict[str, str]


def version_of(source: BoundedSource) -> Version | None:
    """The version resource, or None if there is none or it cannot be followed."""
    try:
        piece = _resource(source)
    except (OutOfBounds, struct.error):
        return None
    at = piece.find(_FIXED)
    if at < 0 or len(piece) < at + 24:
        return None
    numbers = struct.unpack_from("<4I", piece, at + 8)
    texts: dict[str, str] = {}
    for name, value in _TEXT.findall(piece.decode("utf-16-le", "replace")):
        texts.setdefault(name, value.strip())
    return Version(_four(numbers[0], numbers[1]), _four(numbers[2], numbers[3]), texts)


def _four(most: int, least: int) -> tuple[int, int, int, int]:
    return most >> 16, most & 0xFFFF, least >> 16, least & 0xFFFF


def _u32(source: BoundedSource, at: int) -> int:
    return int(struct.unpack("<I", source.window(at, 4).buffer)[0])


def _resource(source: BoundedSource) -> bytes:
    """The bytes of the first version resource; empty if there is none."""
    head = _u32(source, 0x3C)
    if bytes(source.window(head, 4).buffer) != b"PE\0\0":
        return b""
    sections, optional_size = struct.unpack("<2xH12xH2x", source.window(head + 4, 20).buffer)
    optional = head + 24
    directories = _OPTIONAL.get(struct.unpack("<H", source.window(optional, 2).buffer)[0], 0)
    if not directories or optional_size < directories + 24:
        return b""
    table = [struct.unpack("<8xIIII", source.window(optional + optional_size + 40 * i, 24).buffer) for i in range(min(sections, MOST_SECTIONS))]
    tree = _in_file(table, _u32(source, optional + directories + 16))
    leaf = _leaf(source, tree) if tree else 0
    place = _in_file(table, _u32(source, leaf)) if leaf else 0
    return bytes(source.window(place, min(_u32(source, leaf + 4), MOST_BYTES, source.size - place)).buffer) if place else b""


def _in_file(table: list[tuple[int, ...]], address: int) -> int:
    """Where a loaded address lies in the file; 0 if nowhere."""
    for size, begin, raw_size, raw in table:
        if begin <= address < begin + max(size, raw_size):
            return raw + address - begin
    return 0


def _leaf(source: BoundedSource, tree: int) -> int:
    """Where the description of the version resource lies: three levels, the first entry of the last two."""
    at = tree
    for wanted in (_VERSION_TYPE, None, None):
        named, numbered = struct.unpack("<12xHH", source.window(at, 16).buffer)
        for i in range(min(named + numbered, MOST_ENTRIES)):
            number, below = struct.unpack("<II", source.window(at + 16 + 8 * i, 8).buffer)
            if wanted is None or number == wanted:
                at = tree + (below & 0x7FFFFFFF)
                break
        else:
            return 0
    return at
