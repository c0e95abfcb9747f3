"""Walk through a JSON document that may be large, broken or cut, without holding more of it than one value at a time. No I/O.

RFC 8259. Objects and arrays that the caller enters are never built; each other value is taken by the standard library's scanner or passed over.
What is read before the document breaks stays read: :class:`BrokenJson` says where it broke. A name that stands twice in an object that was entered
(section 4: "should be unique") is kept as :attr:`JsonCursor.twice`, and both values are read.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from asepsis.evidence.protocols.decoded_text import decoded_text

_SPACE = re.compile(r"[ \t\n\r]*")
_LINE = re.compile(r"\n")
_SCAN = json.JSONDecoder(strict=False)  # a control character in a string breaks the rules and nothing else
MOST_NESTED = 100
"""Objects and arrays that are entered within each other; deeper ones of the others stop the scanner itself."""


class BrokenJson(Exception):
    """The document breaks: ``what`` is wrong, at character ``at``."""

    def __init__(self, what: str, at: int) -> None:
        """Keep the place."""
        super().__init__(what)
        self.what, self.at = what, at


class JsonCursor:
    """A place in a document. ``twice`` are names that stood twice in one object, with the place of the second.

    ``no_text`` is the place of the first bytes that are no text in the document's encoding, None if all are; they were replaced.
    """

    def __init__(self, data: bytes) -> None:
        """Stand before the document, which is in UTF-8 or UTF-16 with or without a byte order mark."""
        self._decoded = decoded_text(data)
        self._text, self.no_text = self._decoded.text, self._decoded.no_text
        self._at, self._depth = 0, 0
        self._ends: list[int] | None = None
        self._known = (0, 0)
        self.twice: list[tuple[str, int]] = []

    def place(self, at: int) -> dict[str, int]:
        """The ``line`` of a character (from 1), or its ``offset`` in bytes if the whole document is one line."""
        if self._ends is None:
            self._ends = [found.start() for found in _LINE.finditer(self._text)]
        if len(self._ends) > 1:
            return {"line": bisect_right(self._ends, at - 1) + 1}
        return {"offset": self._decoded.mark + self._bytes(at)}

    def _bytes(self, at: int) -> int:
        """The bytes before a character. Counted from the last one that was asked for: places are asked for in their order."""
        before, counted = self._known if self._known[0] <= at else (0, 0)
        counted += len(self._text[before:at].encode(self._decoded.codec, "replace"))
        self._known = (at, counted)
        return counted

    @property
    def at(self) -> int:
        """The first character of the value that comes next."""
        self._at = self._next()
        return self._at

    def peek(self) -> str:
        """The character that the next value begins with; empty at the end."""
        return self._text[self.at : self._at + 1]

    def members(self) -> Iterator[str]:
        """Enter an object: the name of each member, with the cursor before its value. What the caller leaves there is passed over."""
        seen = set[str]()
        for _ in self._inside("{", "}"):
            begun = self.at
            name = self.value()
            if not isinstance(name, str):
                raise BrokenJson("a name in an object is no text", begun)
            self._take(":")
            if name in seen:
                self.twice.append((name, begun))
            seen.add(name)
            before = self.at
            yield name
            if self._at == before:
                self.value()

    def elements(self) -> Iterator[int]:
        """Enter an array: the place of each element, with the cursor before it. What the caller leaves there is passed over."""
        for _ in self._inside("[", "]"):
            before = self.at
            yield before
            if self._at == before:
                self.value()

    def value(self) -> Any:
        """Take the whole value that comes next."""
        begun = self.at
        try:
            value, self._at = _SCAN.raw_decode(self._text, begun)
        except json.JSONDecodeError as error:
            cut = error.msg.startswith("Unterminated") or not self._text[error.pos : error.pos + 64].strip()
            raise BrokenJson("is cut short" if cut else "no JSON", error.pos) from error
        except RecursionError as error:
            raise BrokenJson("is nested too deeply", begun) from error
        except ValueError as error:
            raise BrokenJson("a number with too many digits", begun) from error
        return value

    def _inside(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise BrokenJson(f"is nested deeper than {MOST_NESTED}", self._at)
        first = True
        while self.peek() != closing:
            if not first:
                self._take(",")
            first = False
            yield
        self._take(closing)
        self._depth -= 1

    def _take(self, sign: str) -> None:
        if self.peek() != sign:
            raise BrokenJson("no JSON" if self.peek() else "is cut short", self._at)
        self._at += 1

    def _next(self) -> int:
        found = _SPACE.match(self._text, self._at)
        return found.end() if found else self._at
