"""PuTTY's private keys (``.ppk``).

A text: ``PuTTY-User-Key-File-3: ssh-ed25519``, ``Encryption: none`` or ``aes256-cbc``, ``Comment:``, ``Public-Lines: 2`` and as many lines of
base64, in version 3 of an encrypted key how its passphrase is stretched, ``Private-Lines: 1`` and its lines, ``Private-MAC:`` (PuTTY manual,
appendix C; versions 1 to 3). The public half is SSH's blob and stands in clear.

Known ways it lies: programs of PuTTY carry the first line as text.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.key_facts import found_keys
from asepsis.evidence.protocols.ssh_private import putty
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey


class PuttyReader:
    """Emits a :class:`PrivateKey` for each key whose public half can be read."""

    info = ReaderInfo("putty", "PuTTY's private keys", (PrivateKey,), ("any file",), ("programs of PuTTY carry the first line as text",))
    patterns = (Pattern("putty", rb"PuTTY-User-Key-File-[123]: [a-z]", before=32, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Every candidate is parsed."""
        for key in found_keys(source, ((match.pattern, match.start) for match in matches), lambda _, data: putty(data)):
            emit(key)
