"""DHCP: a request and its reply (RFC 2131, figure 1)."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.dhcp import DhcpDecoder
from asepsis.evidence.wire.events import Named
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

DHCP = DhcpDecoder()


def message(kind: int, options: bytes, own: bytes = bytes(4), given: bytes = bytes(4)) -> bytes:
    fixed = bytes([kind, 1, 6, 0]) + bytes(8) + own + given + bytes(8) + bytes.fromhex("020304aabbcc") + bytes(10) + bytes(192)
    return fixed + b"\x63\x82\x53\x63" + options + b"\xff"


DIALOGUE = [
    (CLIENT, message(1, b"\x35\1\3\0\x32\4\x0a\0\0\x07\x0c\x06pump-7\x3c\x09PumpOS 12")),
    (SERVER, message(2, b"\x35\1\5", given=bytes([10, 0, 0, 7]))),
]


def test_what_a_device_calls_itself():
    asked, given = hold_to_promises(DHCP, DIALOGUE, transport="udp", port=67)
    assert isinstance(asked, Named)
    assert (asked.address, asked.name) == ("10.0.0.7", "pump-7")
    assert asked.attributes == {"hardware": "02:03:04:aa:bb:cc", "vendor class": "PumpOS 12"}
    assert (given.address, given.name) == ("10.0.0.7", "")


def test_a_refusal_gives_no_address():
    assert hear(DHCP, [(SERVER, message(2, b"\x35\1\6"))], transport="udp")[0] == []


@pytest.mark.parametrize(("data", "match"), [(message(1, b""), Match.YES), (message(3, b""), Match.NO), (bytes(300), Match.NO), (b"\1", Match.NO)])
def test_what_is_recognised(data: bytes, match: Match):
    assert DHCP.recognises(data, b"") is match
