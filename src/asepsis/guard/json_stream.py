"""Take a stream of JSON apart into documents, without holding or parsing more than one at a time.

A feed is one object with a long array in it (``{"timestamp": …, "vulnerabilities": [ … ]}``), an array, or values one after the other. Only
brackets and strings are looked at, in a loop, never by recursion; parsing a document is the caller's. What is too long or nested too deeply is
passed over, and named with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from asepsis.guard.limits import FEED_LIMITS, KIB, MIB, FeedLimits

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_CHUNK = MIB
_LONGEST_HEAD = 64 * KIB
_WRAPPED = 2
"""The depth of what lies in an array of the outermost object, seen from outside."""
_NOWHERE = -1
"""What stands behind the array in the outermost object is no document."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One document: its ``offset`` in the stream and its bytes, or ``wrong``: why there are none.

    ``head`` is the outermost object, as far as it stands before the array in which the document was found, closed behind the empty array. A piece
    with a head and nothing else tells that such an array begins.
    """

    offset: int
    data: bytes = b""
    head: bytes = b""
    wrong: str = ""


Wrapper = Callable[[bytes, bytes], bool]


def pieces(read: Callable[[int], bytes], wrapper: Wrapper, limits: FeedLimits = FEED_LIMITS) -> Iterator[Piece]:
    """Every document of the stream that ``read`` gives, in its order.

    ``wrapper`` gets the key of an array in an outermost object, and the head before it; if it says yes, each object of the array is a document.
    """
    yield from _Splitter(read, wrapper, limits)


class _Splitter:
    """Where we are: ``start`` of the present document in the buffer (or None), ``depth`` of open brackets, ``inside`` the depth of documents."""

    def __init__(self, read: Callable[[int], bytes], wrapper: Wrapper, limits: FeedLimits) -> None:
        self._read, self._wrapper, self._limits = read, wrapper, limits
        self._buffer, self._base, self._at = b"", 0, 0
        self._depth, self._inside, self._open = 0, 0, b""
        self._start: int | None = None
        self._begun, self._wrong, self._head, self._key = 0, "", b"", b""
        self._in_string = False

    def __iter__(self) -> Iterator[Piece]:
        while self._refill():
            if self._out_of_string():
                yield from self._tokens()
        if self._start is not None or self._depth > 0:
            yield Piece(self._begun, wrong="is cut short")

    def _tokens(self) -> Iterator[Piece]:
        """Go through the buffer, up to its end or a string that goes on in the next chunk."""
        for match in _TOKEN.finditer(self._buffer, self._at):
            token = match[0]
            if token == b'"':
                self._at = match.start()
                return
            self._at = match.end()
            if token in b"{[":
                yield from self._enter(token, match)
            elif token in b"}]":
                yield from self._leave(match)
            elif self._depth == 1:
                self._key = token
        self._at = len(self._buffer)

    def _refill(self) -> bool:
        """Get the next chunk, and let go of what lies before the present document."""
        more = self._read(_CHUNK)
        keep = self._at if self._start is None else min(self._start, self._at)
        if self._start is not None and len(self._buffer) - keep > self._limits.document_bytes:
            self._wrong, self._start, keep = f"is longer than {self._limits.document_bytes} bytes", None, self._at
        if len(self._buffer) - self._at > self._limits.document_bytes:
            self._in_string = True
            self._at += 1
        self._base += keep
        self._at -= keep
        if self._start is not None:
            self._start -= keep
        self._buffer = self._buffer[keep:] + more
        return bool(more)

    def _out_of_string(self) -> bool:
        """Pass over a string that is longer than a document may be; False while its end is not in sight."""
        if self._in_string:
            end = _IN_STRING.match(self._buffer, self._at)
            self._at = end.end() if end else self._at
            if self._buffer[self._at : self._at + 1] == b'"':
                self._at += 1
                self._in_string = False
        return not self._in_string

    def _enter(self, token: bytes, match: re.Match[bytes]) -> Iterator[Piece]:
        if self._depth == self._inside and self._start is None and not self._wrong:
            if token == b"[" and self._depth == 0:
                self._inside = 1
            else:
                self._start, self._begun = match.start(), self._base + match.start()
        elif token == b"[" and self._depth == 1 and self._inside == 0 and self._start is not None and self._wraps(match):
            self._head = self._buffer[self._start : match.end()] + b"]}"
            self._inside, self._start = _WRAPPED, None
            yield Piece(self._begun, head=self._head)
        self._depth += 1
        if self._depth - self._inside > self._limits.nesting:
            self._wrong = f"is nested deeper than {self._limits.nesting}"

    def _wraps(self, match: re.Match[bytes]) -> bool:
        assert self._start is not None  # noqa: S101 - for the type checker
        return match.start() - self._start <= _LONGEST_HEAD and self._wrapper(self._key.strip(b'"'), self._buffer[self._start : match.start()])

    def _leave(self, match: re.Match[bytes]) -> Iterator[Piece]:
        self._depth = max(0, self._depth - 1)
        if self._depth == self._inside and (self._start is not None or self._wrong):
            start, self._start = self._start, None
            if self._wrong:
                yield Piece(self._begun, head=self._head, wrong=self._wrong)
                self._wrong = ""
            elif start is not None:
                yield Piece(self._begun, self._buffer[start : match.end()], self._head)
        elif self._depth < self._inside:
            self._inside = _NOWHERE
        if self._depth == 0:
            self._inside, self._head = 0, b""
