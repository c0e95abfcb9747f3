"""The variable part of A-ASSOCIATE-RQ and -AC (DICOM PS3.8, 9.3.2, 9.3.3, annex D; PS3.7, D.3.3). No I/O.

Items are type (1), reserved (1), length (2, big-endian), content. A length that does not fit ends the reading: what stood before is kept, and
:attr:`Association.broken` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

SMALLEST = 68
"""Bytes of the fixed part: version, AE titles, reserved."""
MAX_CONTEXTS = 128
"""Context ids are the odd numbers of a byte."""
MAX_UID = 64
MAX_VERSION_NAME = 16
RESULTS = ("acceptance", "user-rejection", "no-reason", "abstract-syntax-not-supported", "transfer-syntaxes-not-supported")
"""Of a presentation context (PS3.8, table 9-18)."""

_CONTEXT_ASKED, _CONTEXT_ANSWERED, _ABSTRACT, _TRANSFER, _USER = 0x20, 0x21, 0x30, 0x40, 0x50
_IMPLEMENTATION, _VERSION_NAME, _IDENTITY = 0x52, 0x55, 0x58
_USER_AND_PASSWORD = 2


@dataclass(slots=True)
class Context:
    """A presentation context: its abstract syntax (empty in an answer), its transfer syntaxes, the result of an answer."""

    abstract: str = ""
    transfers: tuple[str, ...] = ()
    result: int = 0

    @property
    def outcome(self) -> str:
        """The result in the standard's words."""
        return RESULTS[self.result] if self.result < len(RESULTS) else f"result {self.result}"


@dataclass(slots=True)
class Association:
    """What a request or an acceptance says; ``contexts`` by id. ``identity`` is the type of user identity, ``user`` and ``password`` its fields.

    What types 3 to 5 show (a ticket, an assertion, a token) is as good as a password, and stands there.
    """

    called: str = ""
    calling: str = ""
    contexts: dict[int, Context] = field(default_factory=dict)
    implementation: str = ""
    implementation_version: str = ""
    identity: int = 0
    user: bytes = b""
    password: bytes = b""
    broken: bool = False


def association(body: bytes) -> Association:
    """The association that ``body``, a PDU without its six bytes of header, at least ``SMALLEST`` long, asks for or accepts."""
    said = Association(text(body[4:20], 16), text(body[20:36], 16))
    for kind, content in _items(body[SMALLEST:], said):
        if kind in {_CONTEXT_ASKED, _CONTEXT_ANSWERED} and len(content) >= 4 and len(said.contexts) < MAX_CONTEXTS:  # noqa: PLR2004
            said.contexts[content[0]] = _context(content, said)
        elif kind == _USER:
            _user_information(content, said)
    return said


def text(data: bytes, most: int) -> str:
    """A title or UID without its padding, at most ``most`` characters, none of which is a control character."""
    decoded = data[:most].decode("latin-1").strip(" \0")
    return decoded if decoded.isprintable() else "".join(letter if letter.isprintable() else "\ufffd" for letter in decoded)


def _items(data: bytes, said: Association) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            break
        yield data[at], data[at + 4 : end]
        at = end
    said.broken |= at != len(data)


def _context(content: bytes, said: Association) -> Context:
    context = Context(result=content[2])
    for kind, name in _items(content[4:], said):
        if kind == _ABSTRACT:
            context.abstract = text(name, MAX_UID)
        elif kind == _TRANSFER and len(context.transfers) < MAX_CONTEXTS:
            context.transfers += (text(name, MAX_UID),)
    return context


def _user_information(content: bytes, said: Association) -> None:
    for kind, item in _items(content, said):
        if kind == _IMPLEMENTATION:
            said.implementation = text(item, MAX_UID)
        elif kind == _VERSION_NAME:
            said.implementation_version = text(item, MAX_VERSION_NAME)
        elif kind == _IDENTITY:
            _user_identity(item, said)


def _user_identity(item: bytes, said: Association) -> None:
    """Type (1), whether an answer is asked for (1), then two fields with their lengths (2) before them."""
    said.identity = item[0] if item else 0
    first, rest = _counted(item[2:], said)
    second, _ = _counted(rest, said) if said.identity == _USER_AND_PASSWORD else (b"", b"")
    said.user, said.password = (first, second) if said.identity <= _USER_AND_PASSWORD else (b"", first)


def _counted(data: bytes, said: Association) -> tuple[bytes, bytes]:
    length = int.from_bytes(data[:2], "big")
    said.broken |= len(data) < 2 + length
    return data[2 : 2 + length], data[2 + length :]
