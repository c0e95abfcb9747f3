r"""The text of HL7 v2: delimiters, escapes (HL7 Version 2.9, 2.7) and character sets (table 0211). No I/O.

An escape is a letter or more between two escape characters: ``\F\ \S\ \T\ \R\ \E\ \P\`` stand for the delimiters, ``\X0D0A\`` for bytes, ``\.br\``
for a new line. Any other (``\H\``, ``\Z…\``, ``C:\temp``) is kept as it stands.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import NamedTuple


class Delimiters(NamedTuple):
    """The characters that part a message; an empty one is not in use (MSH-2 may leave out the later ones)."""

    field: str
    component: str
    repetition: str
    escape: str
    sub: str
    truncation: str


_LATIN = {f"8859/{part}": f"iso8859_{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)}
_UNICODE = {"UNICODE": "utf-8", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "UNICODE UTF-16": "utf-8", "UNICODE UTF-32": "utf-8"}
"""UTF-16 was made UTF-8 before anybody could read its MSH-18."""
_JAPANESE = dict.fromkeys(("ISO IR13", "ISO IR14", "ISO IR87", "ISO IR159"), "iso2022_jp_ext")
_OTHERS = {"GB 18030-2000": "gb18030", "KS X 1001": "euc_kr", "BIG-5": "big5", "CNS 11643-1992": "iso2022_jp_2"}
_COMMON = {"ISO-8859-1": "iso8859_1", "ISO8859-1": "iso8859_1", "WINDOWS-1252": "cp1252", "CP1252": "cp1252", "US-ASCII": "ascii"}
"""Not of the table, but what makers write."""
_CODECS = {"": "ascii", "ASCII": "ascii", "ISO IR6": "ascii", **_LATIN, **_UNICODE, **_JAPANESE, **_OTHERS, **_COMMON}


def codec_of(names: tuple[str, ...]) -> str | None:
    """The codec of what MSH-18 names: that of the first, or of one that is switched to within it (ISO 2022). None if it is unknown."""
    codecs = [_CODECS.get(name.strip().upper()) for name in names] or ["ascii"]
    wide = [codec for codec in codecs if codec and codec.startswith("iso2022")]
    told = [codec for name, codec in zip(names, codecs, strict=False) if name.strip()]
    return wide[0] if wide else (told or codecs)[0]


def fits(raw: bytes, codec: str) -> bool:
    """Whether bytes are of a character set."""
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def decode(raw: bytes, codec: str) -> str:
    """The text of a segment. What its character set does not have is replaced; where it names none, UTF-8 is tried, then Latin-1 taken."""
    if raw.isascii() and not codec.startswith("iso2022"):
        return raw.decode("ascii")
    if codec != "ascii":
        return raw.decode(codec, "replace")
    return raw.decode("utf-8" if fits(raw, "utf-8") else "latin-1")


@cache
def _escapes(marks: Delimiters) -> re.Pattern[str]:
    mark = re.escape(marks.escape)
    return re.compile(rf"{mark}(?:([FSTREP])|X((?:[0-9A-Fa-f]{{2}})+)|(\.br)){mark}")


def unescape(text: str, marks: Delimiters, codec: str = "ascii") -> str:
    r"""A text without its escapes; ``codec`` is that of the bytes which ``\X…\`` tells. An escape that is none is kept."""
    if not marks.escape or marks.escape not in text:
        return text
    return _escapes(marks).sub(partial(_meant, marks=marks, codec=codec), text)


def _meant(found: re.Match[str], marks: Delimiters, codec: str) -> str:
    letter, digits = found[1], found[2]
    if digits:
        return decode(bytes.fromhex(digits), codec)
    if not letter:
        return "\n"
    names = {"F": marks.field, "S": marks.component, "T": marks.sub, "R": marks.repetition, "E": marks.escape, "P": marks.truncation}
    return names[letter] or found[0]
