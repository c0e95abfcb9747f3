"""What all readers of bills of materials in JSON share: entering the document, and how a reading ends that met something broken. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asepsis.evidence.protocols.bill import NO_TEXT, Bill
from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.protocols.json_cursor import BrokenJson, JsonCursor
from asepsis.evidence.reader import Emit, Flawed, Malformed, NotThisFormat
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource

Walk = Callable[[JsonCursor, Bill], bool]
"""Walks through the document from its beginning and fills the bill; False if it is no document of the reader's format."""


def read_bill(source: BoundedSource, emit: Emit, walk: Walk) -> None:
    """Walk, then emit whatever was read. Raises ``NotThisFormat``, ``Malformed`` where the document breaks, ``Flawed``, ``LimitReached``."""
    cursor, bill = JsonCursor(content(source)), Bill()
    broken: BrokenJson | None = None
    try:
        if not walk(cursor, bill):
            raise NotThisFormat
        if cursor.peek():
            broken = BrokenJson("something stands behind the document", cursor.at)
    except BrokenJson as error:
        broken = error
    for name, at in cursor.twice[:1]:
        bill.flaw(f"a name that stands twice in one object ({name[:40]!r})", source.where(**cursor.place(at)))
    if cursor.no_text is not None:
        bill.flaw(NO_TEXT, source.where(**cursor.place(cursor.no_text)))
    if broken is not None and not bill.entries:
        raise Malformed(broken.what, **cursor.place(broken.at))
    bill.emit(emit)
    if broken is not None:
        raise Malformed(broken.what, **cursor.place(broken.at))
    end(bill)


def begins_object(head: bytes) -> bytes:
    """The beginning of a document, if it is an object; else nothing."""
    begun = beginning(head)
    return begun if begun.startswith(b"{") else b""


def content(source: BoundedSource) -> bytes:
    """All bytes of a bill. Raises ``LimitReached``."""
    allowed = source.limits.bill_bytes
    if source.size > allowed:
        raise LimitReached("bill_bytes", allowed, source.size)
    return source.content(allowed)


def end(bill: Bill) -> None:
    """Say in one sentence what is wrong with a bill that was read to its end. Raises ``Flawed`` if anything is."""
    if not bill.wrong:
        return
    first = min((places[0] for places in bill.wrong.values()), key=lambda where: where.sort_key)
    what = "; ".join(f"{text}, {len(places)} times" if len(places) > 1 else text for text, places in sorted(bill.wrong.items()))
    raise Flawed(what, offset=first.offset, line=first.line)


def text(value: Any, *path: str) -> str:
    """The text at a path of names in a value; empty if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def items(value: Any, *path: str) -> list[Any]:
    """The list at a path of names in a value; empty if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []
