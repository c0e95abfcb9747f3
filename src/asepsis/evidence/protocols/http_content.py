"""HTTP content codings (RFC 9110, 8.4.1): gzip and deflate, decoded as far as is wanted and never further. No I/O."""

from __future__ import annotations

import zlib

MAX_CODINGS = 2
"""One in another."""
BOMB = 200
"""Content that expands more than so many times before it reaches what is wanted is told: what honest software sends does not."""
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW = -15


def decode(data: bytes, codings: str, most: int) -> tuple[bytes, str]:
    """The first ``most`` bytes of content of which ``data`` is the beginning, and what is wrong with it (empty: nothing)."""
    named = [coding for part in reversed(codings.lower().split(",")) if (coding := part.strip()) and coding != "identity"]
    if len(named) > MAX_CODINGS:
        return b"", "content that is encoded more than twice"
    for coding in named:
        if coding not in _WINDOWS:
            return b"", "content in a coding that is not understood"
        data, fault = _inflate(data, _WINDOWS[coding], most)
        if fault:
            return data, fault
    return data[:most], ""


def _inflate(data: bytes, window: int, most: int) -> tuple[bytes, str]:
    machine = zlib.decompressobj(window)
    try:
        out = machine.decompress(data, most)
    except zlib.error:
        if window != 15:  # noqa: PLR2004
            return b"", "compressed content that is broken"
        return _inflate(data, _RAW, most)  # software that takes "deflate" at its word leaves the frame of zlib out
    used = len(data) - len(machine.unconsumed_tail)
    return out, "content that expands more than 200 times" if len(out) == most > BOMB * used else ""
