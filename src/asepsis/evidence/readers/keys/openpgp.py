"""OpenPGP secret keys: armoured anywhere, binary as a file of their own (``secring.gpg``).

``-----BEGIN PGP PRIVATE KEY BLOCK-----`` and base64, or packets: a tag byte (0x95 or 0xC5 for a secret key) and a length; version, date, algorithm
and public numbers; then one byte that says whether the private numbers are in clear (0) or under a passphrase (RFC 4880, 5.5; RFC 9580). Only
the key counts, not who signed it.

Known ways it lies: a stub says only that the private half is on a card; one block may hold keys of which some are stubs.
"""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.key_facts import found_keys
from asepsis.evidence.protocols.keys import Key
from asepsis.evidence.protocols.openpgp import armoured, secret_key
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import MIB
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PrivateKey

MAX_BLOCK = MIB
"""Bytes of one block: a key with many signatures takes a few hundred kilobytes."""
MAX_BLOCKS = 200


class OpenpgpReader:
    """Emits a :class:`PrivateKey` for each block that holds a private half."""

    info = ReaderInfo("openpgp", "OpenPGP secret keys", (PrivateKey,), ("any file",), ("a stub says that the private half is elsewhere",))
    patterns = (
        Pattern("armour", rb"-----BEGIN PGP PRIVATE KEY BLOCK-----[\r\n\\]", before=48, after=0),
        Pattern("binary", rb"^(\x95..|\x94.|\xc5([\x00-\xbf]|[\xc0-\xdf].|\xff....))[\x03-\x06]....", before=16, after=0),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each block is parsed. Packets in the middle of a file are no key file."""
        blocks = [match for match in matches if match.pattern == "armour" or match.start == 0][:MAX_BLOCKS]
        for key in found_keys(source, ((block.pattern, block.start) for block in blocks), _parse, MAX_BLOCK):
            emit(key)


def _parse(pattern: str, data: bytes) -> Key | None:
    return armoured(data) if pattern == "armour" else secret_key(data)
