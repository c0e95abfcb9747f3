"""The head of an HTTP/1 message, and what it says of the length of its content (RFC 9112, 2 to 6). No I/O.

What recipients understand differently, and attackers therefore use to hide one message in another, is told in :attr:`Head.faults`, in words
without content; the reading goes on as the RFC says that a server should.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

MAX_FIELDS = 200
MAX_LENGTH_DIGITS = 18
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}\Z")
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) +(\S+) +(HTTP/1\.\d)[ \t]*\Z")
_RESPONSE = re.compile(rb"(HTTP/1\.\d) +(\d{3})(?: +(.*))?[ \t]*\Z", re.DOTALL)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_NO_CONTENT, _NOT_MODIFIED = 204, 304


class Framing(Enum):
    """How long the content is: not there, as many bytes as stated, in chunks, or all that comes until the connection ends."""

    NONE = 0
    LENGTH = 1
    CHUNKED = 2
    CLOSE = 3


@dataclass(slots=True)
class Head:
    """A start line in its three parts (method, target, version; or version, status, reason), and fields by their names in small letters."""

    start: tuple[str, str, str]
    is_request: bool
    headers: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Of a response."""
        return 0 if self.is_request else int(self.start[1])


def head(data: bytes) -> Head | None:
    """The head in ``data``, which goes up to its empty line; None if it does not begin with a start line of HTTP/1."""
    folded = _FOLD.search(data)
    first, *lines = [line.rstrip(b"\r") for line in (_FOLD.sub(b" ", data) if folded else data).strip(b"\r\n").split(b"\n")]
    if match := _RESPONSE.match(first):
        said = Head((_text(match[1]), _text(match[2]), _text(match[3] or b"")), is_request=False)
    elif match := _REQUEST.match(first):
        said = Head((_text(match[1]), _text(match[2]), _text(match[3])), is_request=True)
    else:
        return None
    if folded:
        said.faults.append("a header field that goes on in the next line")
    _fields(said, lines)
    return said


def _fields(said: Head, lines: list[bytes]) -> None:
    if len(lines) > MAX_FIELDS:
        said.faults.append(f"more than {MAX_FIELDS} header fields")
    lengths = set()
    for line in lines[:MAX_FIELDS]:
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.match(name):
            said.faults.append("a header field with an unlawful name")
            name = name.strip()
        key, text = _text(name).lower(), _text(value.strip(b" \t"))
        if key == "content-length":
            lengths.add(text)
        said.headers[key] = f"{said.headers[key]}, {text}" if key in said.headers else text
    if len(lengths) > 1:
        said.faults.append("several lengths of the same content")


def framing(said: Head, method: str = "") -> tuple[Framing, int]:
    """How the content ends, and its length where that is stated. ``method`` is that of the request that a response answers, where it is known."""
    coding = said.headers.get("transfer-encoding", "").lower()
    length = said.headers.get("content-length", "")
    if not said.is_request and (method == "HEAD" or said.status < 200 or said.status in {_NO_CONTENT, _NOT_MODIFIED}):  # noqa: PLR2004
        return Framing.NONE, 0
    if coding:
        if length:
            said.faults.append("both a length and a transfer coding")
        if coding.rpartition(",")[2].strip() == "chunked":
            return Framing.CHUNKED, 0
        said.faults.append("a transfer coding whose end cannot be known")
        return (Framing.NONE if said.is_request else Framing.CLOSE), 0
    first = length.partition(",")[0].strip()
    if first.isascii() and first.isdigit() and len(first) <= MAX_LENGTH_DIGITS:
        return Framing.LENGTH, int(first)
    if length:
        said.faults.append("a length that is no number")
    return (Framing.NONE if said.is_request else Framing.CLOSE), 0


def _text(data: bytes) -> str:
    return data.decode("latin-1")
