"""TFTP: requests of RFC 1350, section 5."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.tftp import TftpDecoder
from tests.unit.evidence.wire.decoders.hearing import CLIENT, hear, hold_to_promises

TFTP = TftpDecoder()


READ, WRITE = b"\0\1boot/pump.bin\0octet\0", b"\0\2config.txt\0NetASCII\0blksize\x001428\0"


@pytest.mark.parametrize(("data", "verb", "changes"), [(READ, "read", False), (WRITE, "write", True)])
def test_files_that_anybody_may_read_or_write(data: bytes, verb: str, changes: bool):
    (asked,) = hold_to_promises(TFTP, [(CLIENT, data)], transport="udp", port=69)
    assert (asked.verb, asked.changes, asked.subject) == (verb, changes, data[2:].split(b"\0")[0].decode())


def test_acknowledgements_say_nothing():
    assert hear(TFTP, [(CLIENT, b"\0\4\0\1")], transport="udp") == ([], [])


@pytest.mark.parametrize(
    ("data", "match"),
    [(b"\0\1x\0octet\0", Match.YES), (b"\0\1x\0binary\0", Match.NO), (b"\0\3\0\1data", Match.NO), (b"\0\1\0octet\0", Match.NO), (b"", Match.NO)],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert TFTP.recognises(data, b"") is match
