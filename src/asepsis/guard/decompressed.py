"""The bytes of a compressed stream that cannot be rewound: gzip (RFC 1952, any number of members) or zstandard (RFC 8878, any number of frames).

Memory is bounded by one piece and the decompressor's window (zstandard: 128 MiB at most); what comes out of a bomb is bounded by the limits.
"""

from __future__ import annotations

import zlib
from importlib import import_module
from typing import Any, BinaryIO, Protocol

from asepsis.guard.limits import GIB, KIB, MIB, LimitReached

GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
MOST_RATIO = 200
MOST_BYTES = 256 * GIB
_NOT_BELOW = 64 * MIB
"""Bytes that may come out of anything, whatever the ratio."""
_PIECE = 64 * KIB
_GZIP_WINDOW = 31
_LARGEST_WINDOW_LOG = 27


class CannotDecompress(Exception):
    """The stream is broken or cut short, or nothing here can read it; the message says which."""


class _Decompressor(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Decompressed:
    """What comes out of ``stream``, in order. ``first`` are bytes that were read from it already, and decide the format."""

    def __init__(self, stream: BinaryIO, first: bytes) -> None:
        """Raises ``CannotDecompress`` if the format's decompressor is not installed."""
        self._read = getattr(stream, "read1", stream.read)
        self._new = _gzip if first.startswith(GZIP) else _zstd()
        self._magic = GZIP if first.startswith(GZIP) else ZSTD
        self._ahead, self._came_in, self._came_out = first, len(first), 0
        self._inner: _Decompressor | None = self._new()

    def read1(self, length: int) -> bytes:
        """At most ``length`` bytes, nothing at the end. Raises ``CannotDecompress`` or ``LimitReached`` once nearly all before it was given."""
        while self._inner is not None:
            plain = self._piece(self._inner, length)
            if plain:
                self._count(len(plain))
                return plain
        return b""

    def _piece(self, inner: _Decompressor, length: int) -> bytes:
        if inner.eof:
            self._next(inner)
            return b""
        wants = getattr(inner, "needs_input", True)  # zstandard's keeps what it did not use; zlib's gives it back
        data = self._ahead or (self._more() if wants else b"")
        if wants and not data:
            raise CannotDecompress("the compressed stream is cut short")
        try:
            plain = inner.decompress(data[:_PIECE], length)
        except Exception as error:  # zstandard's own exception exists only where it is installed
            raise CannotDecompress("the compressed stream is broken") from error
        self._ahead = getattr(inner, "unconsumed_tail", b"") + data[_PIECE:]
        return plain

    def _next(self, ended: _Decompressor) -> None:
        """After one member comes another, or padding of zeros (RFC 1952 has none, tapes do), or the end."""
        left = ended.unused_data + self._ahead
        while len(left) < len(self._magic) and (more := self._more()):
            left += more
        if left.strip(b"\0") and not left.startswith(self._magic):
            self._inner = None
            raise CannotDecompress("other bytes follow the compressed stream")
        self._ahead, self._inner = left, self._new() if left.startswith(self._magic) else None

    def _more(self) -> bytes:
        data: bytes = self._read(_PIECE)
        self._came_in += len(data)
        return data

    def _count(self, length: int) -> None:
        self._came_out += length
        if self._came_out > MOST_BYTES:
            raise LimitReached("inflated_bytes", MOST_BYTES, self._came_out)
        if self._came_out > max(_NOT_BELOW, self._came_in * MOST_RATIO):
            raise LimitReached("inflated_ratio", MOST_RATIO, self._came_out // self._came_in)


def _gzip() -> Any:
    return zlib.decompressobj(_GZIP_WINDOW)


def _zstd() -> Any:
    """Makes decompressors of zstandard: Python's own from 3.14 on, before that the library which the extract extra brings."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            module = import_module(name)
        except ImportError:
            continue
        options = {module.DecompressionParameter.window_log_max: _LARGEST_WINDOW_LOG}
        return lambda: module.ZstdDecompressor(options=options)
    raise CannotDecompress("compressed with zstandard, which nothing here reads: install asepsis[extract], or decompress it first")
