"""Undo deflate on untrusted bytes, up to a limit: a kilobyte can claim to be a gigabyte."""

from __future__ import annotations

import zlib

from asepsis.guard.limits import LimitReached


class Broken(Exception):
    """The bytes are no zlib stream, or one that is cut short."""


def inflate(data: bytes | memoryview, limit: int) -> bytes:
    """The bytes of a zlib stream (RFC 1950). Raises ``LimitReached`` if they are more than ``limit``, ``Broken`` if there is no whole stream."""
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(data, limit)
    except zlib.error as error:
        raise Broken(str(error)) from error
    if not stream.eof and len(plain) == limit:
        raise LimitReached("inflated_bytes", limit, limit + 1)
    if not stream.eof:
        raise Broken("the stream is cut short")
    return plain
