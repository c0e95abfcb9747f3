"""Headers of RPM packages, as the package database keeps them. No I/O.

::

    0  number of entries(4)   4  bytes of data(4)   8  entries of 16 bytes: tag(4) type(4) offset(4) count(4)   then the data

Big-endian; offsets count from the beginning of the data (RPM documentation, *RPM V4 Package format*, "Header Structure"; tags of ``rpmtag.h``). The
database leaves out the eight bytes of magic and reserve that a header has in a package file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from asepsis.evidence.reader import Malformed

NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
VENDOR, LICENSE, ARCH, SOURCERPM = 1011, 1014, 1022, 1044
PROVIDENAME, REQUIRENAME = 1047, 1049
_INT32, _STRING, _STRING_ARRAY, _I18NSTRING = 4, 6, 8, 9
_TEXTS = frozenset({_STRING, _STRING_ARRAY, _I18NSTRING})
_ENTRY = struct.Struct(">4I")
_MOST_ENTRIES = 4096
_MOST_TEXTS = 8192
"""Texts of one tag: of ``glibc-all-langpacks`` or ``texlive``, a few thousand."""
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Header:
    """The entries of one package: tag → (type, offset, count), and their data."""

    entries: dict[int, tuple[int, int, int]]
    data: bytes

    def text(self, tag: int) -> str:
        """The text of a tag, the first of several; empty if it is not there."""
        found = self.texts(tag, 1)
        return found[0] if found else ""

    def texts(self, tag: int, most: int = _MOST_TEXTS) -> tuple[str, ...]:
        """The texts of a tag, in order."""
        kind, at, count = self.entries.get(tag, (0, 0, 0))
        found: list[str] = []
        for _ in range(min(count, most) if kind in _TEXTS else 0):
            end = self.data.find(b"\0", at)
            if end < 0:
                break
            found.append(self.data[at : min(end, at + _LONGEST)].decode("utf-8", "replace"))
            at = end + 1
        return tuple(found)

    def number(self, tag: int) -> int | None:
        """The number of a tag, None if it is not there."""
        kind, at, count = self.entries.get(tag, (0, 0, 0))
        piece = self.data[at : at + 4]
        return int.from_bytes(piece, "big") if kind == _INT32 and count and len(piece) == 4 else None  # noqa: PLR2004


def parse(blob: bytes, offset: int) -> Header:
    """The header in ``blob``, which lies at ``offset`` of the file. Raises ``Malformed`` if it is none."""
    count, size = struct.unpack_from(">2I", blob) if len(blob) >= 8 else (0, 0)  # noqa: PLR2004
    start = 8 + _ENTRY.size * count
    if not 0 < count <= _MOST_ENTRIES or start + size > len(blob):
        raise Malformed("a package's header reaches out of its record", offset=offset)
    entries = {tag: (kind, at, number) for tag, kind, at, number in _ENTRY.iter_unpack(blob[8:start])}
    return Header(entries, blob[start : start + size])
