"""WireGuard: messages by their kinds and lengths."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.wireguard import WireguardDecoder
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hold_to_promises

WIREGUARD = WireguardDecoder()
DIALOGUE = [(CLIENT, b"\1\0\0\0" + b"i" * 144), (SERVER, b"\2\0\0\0" + b"r" * 88), (CLIENT, b"\4\0\0\0" + b"d" * 60)]


def test_nothing_is_heard():
    assert hold_to_promises(WIREGUARD, DIALOGUE, transport="udp", port=51820) == []


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (DIALOGUE[0][1], Match.YES),
        (DIALOGUE[1][1], Match.YES),
        (b"\3\0\0\0" + bytes(60), Match.YES),
        (b"\1\0\0\0" + bytes(143), Match.NO),
        (b"", Match.NO),
    ],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert WIREGUARD.recognises(data, b"") is match
