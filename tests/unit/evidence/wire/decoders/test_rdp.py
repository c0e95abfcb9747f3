"""Remote Desktop: connection request and confirm ([MS-RDPBCGR] 2.2.1.1, 2.2.1.2)."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.rdp import RdpDecoder
from asepsis.evidence.wire.events import Asked, LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

RDP = RdpDecoder()


def tpkt(code: int, body: bytes) -> bytes:
    return b"\3\0" + (11 + len(body)).to_bytes(2) + bytes([6 + len(body), code]) + bytes(5) + body


REQUEST = tpkt(0xE0, b"Cookie: mstshash=service\r\n" + struct.pack("<BBHI", 1, 0, 8, 3))


OLD = [(CLIENT, REQUEST), (SERVER, tpkt(0xD0, b"")), (CLIENT, bytes(100))]
PROTECTED = [(CLIENT, REQUEST), (SERVER, tpkt(0xD0, struct.pack("<BBHI", 2, 0, 8, 2)) + b"rest")]


def test_an_old_desktop_protects_itself():
    who, asked = hold_to_promises(RDP, OLD, port=3389)
    assert isinstance(who, LogIn)
    assert (who.user, who.secret) == ("service", None)
    assert isinstance(asked, Asked)
    assert (asked.subject, asked.accepted, asked.side) == ("RDP security", True, SERVER)


@pytest.mark.parametrize(
    ("answer", "subject", "accepted", "over"),
    [
        (struct.pack("<BBHI", 2, 0, 8, 1), "TLS", True, ["handover SERVER b'rest'"]),
        (struct.pack("<BBHI", 2, 0, 8, 2), "CredSSP", True, ["handover SERVER b'rest'"]),
        (struct.pack("<BBHI", 2, 0, 8, 0), "RDP security", True, []),
        (struct.pack("<BBHI", 3, 0, 8, 5), "refused, reason 5", False, []),
    ],
)
def test_the_protection_that_was_chosen(answer: bytes, subject: str, accepted: bool, over: list[str]):
    events, complaints = hear(RDP, [(CLIENT, REQUEST), (SERVER, tpkt(0xD0, answer) + b"rest")])
    assert [(one.subject, one.accepted) for one in events if isinstance(one, Asked)] == [(subject, accepted)]
    assert complaints == over


def test_nothing_of_the_next_protocol_is_lost():
    events, complaints = hear(RDP, [*PROTECTED[:1], (SERVER, PROTECTED[1][1] + bytes(2000))])
    assert complaints == [f"handover SERVER {b'rest' + bytes(2000)!r}"]
    assert len(events) == 2


@pytest.mark.parametrize("length", [0, 4, 10, 513, 0xFFFF])
def test_a_request_or_answer_of_impossible_length_is_told(length: int):
    data = b"\3\0" + length.to_bytes(2)
    for side in (CLIENT, SERVER):
        assert hear(RDP, [(side, data), (side, bytes(600))]) == ([], [f"RDP: a request or answer of {length} bytes"])


@pytest.mark.parametrize(
    ("client", "match"),
    [
        (REQUEST, Match.YES),
        (tpkt(0xE0, b""), Match.YES),
        (tpkt(0xE0, struct.pack("<BBHI", 1, 0, 8, 3)), Match.YES),
        (tpkt(0xE0, b"\xc1\2\1\0\xc2\2\1\2\xc0\1\x0a"), Match.NO),
        (b"\3", Match.MORE),
        (b"GET / HTTP/1.1", Match.NO),
    ],
    ids=["cookie", "bare", "negotiation", "a controller of Siemens", "too short", "HTTP"],
)
def test_what_is_recognised(client: bytes, match: Match):
    assert RDP.recognises(client, b"") is match
