"""The SHA-256 of a file, reckoned once whoever asks; of a file in a directory it is known before anybody looks at it. No I/O."""

from __future__ import annotations

from hashlib import sha256

from asepsis.guard.source import BoundedSource

DIGEST = "sha256"
"""Under this name a source keeps it."""


def digest_of(source: BoundedSource) -> str:
    """In hex, of all bytes of the source."""
    return source.once(DIGEST, lambda: sha256(source.buffer).hexdigest())
