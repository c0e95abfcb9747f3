"""Undo how a secret was written down: Base64, USER:SECRET, percent-encoding. No I/O."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Sequence
from typing import NamedTuple

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


class Decoded(NamedTuple):
    """A secret in clear, and whose it is where that stood beside it."""

    secret: str
    subject: str = ""


def decoded(raw: bytes, steps: Sequence[str]) -> Decoded | None:
    """The secret after undoing ``steps`` (``base64``, ``pair``) in order, or None where one does not apply."""
    subject = ""
    for step in steps:
        if step == "base64":
            plain = _base64(raw)
            if plain is None:
                return None
            raw = plain
        else:
            user, found, raw = raw.partition(b":")
            if not found:
                return None
            subject = user.decode("utf-8", "replace")
    return Decoded(raw.decode("utf-8", "replace"), subject)


def unpercented(text: str) -> str:
    """Percent-encoding undone (RFC 3986, 2.1); what is none stays as it is."""
    return _PERCENT.sub(lambda run: bytes.fromhex(run.group().replace("%", "")).decode("utf-8", "replace"), text)


def _base64(raw: bytes) -> bytes | None:
    """The bytes, if they are printable text: anything else is no Base64 of a password."""
    try:
        plain = b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
        text = plain.decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return plain if text.isprintable() else None
