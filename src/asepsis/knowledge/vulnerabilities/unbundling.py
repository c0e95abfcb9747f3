"""Take stock of a bundle in the bounded child process. Request: its path; the answer, msgpack, is a :class:`Stock`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from asepsis.guard.documents import CannotOpen
from asepsis.guard.limits import MIB, LimitReached
from asepsis.guard.zip_file import take_stock

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_LONGEST = 4 * MIB


@dataclass(frozen=True, slots=True)
class Stock:
    """What is in an archive. ``manifest`` is empty if it is no bundle; ``wrong`` says why it cannot be looked through."""

    manifest: bytes = b""
    signature: bytes = b""
    members: tuple[tuple[str, str, int], ...] = ()
    wrong: str = ""


def serve(request: bytes, send: Callable[[bytes], None]) -> None:
    """See the module's text."""
    try:
        contents, members = take_stock(Path(os.fsdecode(request)), frozenset({MANIFEST, SIGNATURE}), _LONGEST)
        stock = Stock(contents.get(MANIFEST, b""), contents.get(SIGNATURE, b""), tuple(members))
    except (CannotOpen, LimitReached) as error:
        stock = Stock(wrong=str(error))
    send(msgspec.msgpack.encode(stock))
