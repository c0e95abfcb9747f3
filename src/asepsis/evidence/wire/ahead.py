"""A stream that cannot be rewound, read in large blocks: what is ahead stands in one buffer, and records are cut out of it without a call each."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.guard.limits import MIB

BLOCK = MIB


class Ahead:
    """``data`` from ``offset`` on is what comes next. Whoever cuts something out of ``data`` moves ``offset`` on."""

    __slots__ = ("_read", "data", "offset")

    def __init__(self, read: Callable[[int], bytes], data: bytes = b"") -> None:
        """``read`` gives at most so many bytes, nothing at the end; ``data`` was read already."""
        self._read, self.data, self.offset = read, data, 0

    def need(self, length: int) -> bool:
        """Whether ``length`` bytes are ahead, after reading on as far as needed: a live stream is never waited for longer than that."""
        missing = self.offset + length - len(self.data)
        if missing <= 0:
            return True
        pieces = [self.data[self.offset :]]
        while missing > 0 and (piece := self._read(max(BLOCK, missing))):
            pieces.append(piece)
            missing -= len(piece)
        self.data, self.offset = b"".join(pieces), 0
        return missing <= 0

    def skip(self, length: int) -> bool:
        """Move on, in bounded memory however far; False if the stream ends before."""
        while length > 0:
            step = min(length, max(len(self.data) - self.offset, 0))
            self.offset += step
            length -= step
            if length and not self.need(1):
                return False
        return True
