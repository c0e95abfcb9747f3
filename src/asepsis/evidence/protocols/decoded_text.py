"""Text in UTF-8 or UTF-16, with or without a byte order mark, and where it is none. No I/O.

RFC 8259 and XML let both encodings in; Windows programs save either.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The ``text`` in ``codec`` behind a byte order ``mark`` of so many bytes.

    ``no_text`` is the character at which the first bytes stand that are no text, None if all are; they were replaced.
    """

    text: str
    codec: str
    mark: int
    no_text: int | None = None


def decoded_text(data: bytes) -> DecodedText:
    """Never raises."""
    codec, mark = _codec(data)
    body = data[mark:]
    try:
        return DecodedText(body.decode(codec), codec, mark)
    except UnicodeDecodeError as error:
        return DecodedText(body.decode(codec, "replace"), codec, mark, len(body[: error.start].decode(codec, "replace")))


def beginning(head: bytes) -> bytes:
    """A head without what encodings put before and between its letters, and without white space before it: to look for words of ASCII in."""
    for mark in (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip()


def as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 without a byte order mark. What is no text stays if it was UTF-8, and is replaced if it was UTF-16."""
    codec, mark = _codec(data)
    body = data[mark:]
    return body if codec == "utf-8" else body.decode(codec, "replace").encode()


def _codec(data: bytes) -> tuple[str, int]:
    """The encoding, and the length of the byte order mark. Without one, the first character is ASCII."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16-le" if data.startswith(BOM_UTF16_LE) else "utf-16-be", 2
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return "utf-16-le", 0
    if data[:1] == b"\0" and data[1:2] != b"\0":
        return "utf-16-be", 0
    return "utf-8", len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
