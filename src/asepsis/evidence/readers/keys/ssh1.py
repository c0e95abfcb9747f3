"""Private keys of SSH protocol 1: ``identity``, ``ssh_host_key``.

``SSH PRIVATE KEY FILE FORMAT 1.1``, a line feed and a NUL; one byte with the cipher (0 is none), four of nothing, four with the bits; modulus and
exponent, each after two bytes with its bits; a comment; then the private parts, encrypted or not (OpenSSH before 7.6, authfile.c).

Known ways it lies: ``ssh``, ``ssh-keygen`` and ``sshd`` carry the first line as text.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.key_facts import found_keys
from asepsis.evidence.protocols.ssh_private import ssh1
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey


class Ssh1Reader:
    """Emits a :class:`PrivateKey` for each key whose public numbers can be read."""

    info = ReaderInfo("ssh1", "Private keys of SSH 1", (PrivateKey,), ("any file",), ("programs carry the first line as text",))
    patterns = (Pattern("ssh1", rb"SSH PRIVATE KEY FILE FORMAT 1\.1\n\x00[\x00-\x06]\x00\x00\x00\x00", before=48, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Every candidate is parsed."""
        for key in found_keys(source, ((match.pattern, match.start) for match in matches), lambda _, data: ssh1(data)):
            emit(key)
