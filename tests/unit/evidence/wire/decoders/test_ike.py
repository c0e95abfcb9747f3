"""IKE: headers after RFC 7296, 3.1."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ike import IkeDecoder
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hold_to_promises

IKE = IkeDecoder()


def message(body: bytes, *, exchange: int = 34, version: int = 0x20, length: int | None = None, initiator: bytes = b"spi-of-i") -> bytes:
    head = struct.pack(">8s8sBBBBII", initiator, bytes(8), 33, version, exchange, 8, 0, 28 + len(body) if length is None else length)
    return head + body


DIALOGUE = [(CLIENT, message(b"proposal")), (SERVER, message(b"choice")), (CLIENT, message(bytes(40), exchange=35))]


def test_nothing_is_heard():
    assert hold_to_promises(IKE, DIALOGUE, transport="udp", port=500) == []


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (message(b"x"), Match.YES),
        (bytes(4) + message(b"x"), Match.YES),
        (message(b"x", exchange=2, version=0x10), Match.YES),
        (message(bytes(1000))[:512], Match.YES),
        *((message(b"x", exchange=later), Match.YES) for later in (38, 43, 44)),
        (message(b"x", length=99), Match.NO),
        (message(b"x", exchange=99), Match.NO),
        (message(b"x", version=0x30), Match.NO),
        (message(b"x", initiator=bytes(8)), Match.NO),
        (message(b"")[:27], Match.NO),
        (b"", Match.NO),
    ],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert IKE.recognises(data, b"") is match
