"""NTP: the header of RFC 5905, 7.3."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ntp import NtpDecoder
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

NTP = NtpDecoder()


def packet(version: int, mode: int, stratum: int = 2, more: bytes = b"") -> bytes:
    return bytes([version << 3 | mode, stratum]) + bytes(38) + b"\xe9\0\0\0\0\0\0\1" + more


DIALOGUE = [(CLIENT, packet(4, 3, 0)), (SERVER, packet(4, 4)), (CLIENT, packet(4, 3, 0)), (SERVER, packet(4, 4))]


def test_a_clock_that_is_believed_without_proof():
    asked, answered = hold_to_promises(NTP, DIALOGUE, transport="udp", port=123)
    assert [(one.verb, one.subject) for one in (asked, answered)] == [("request", "not authenticated"), ("answer", "not authenticated")]


def test_the_first_answer_without_proof_after_some_with_it_is_told():
    said = [(SERVER, packet(4, 4, more=bytes(20))), (SERVER, packet(4, 4)), (SERVER, packet(4, 4))]
    assert [one.subject for one in hear(NTP, said, transport="udp")[0]] == ["authenticated", "not authenticated"]


def test_a_proof_at_the_end():
    (asked,) = hear(NTP, [(CLIENT, packet(4, 3, 0, bytes(20)))], transport="udp")[0]
    assert asked.subject == "authenticated"


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (packet(3, 3), Match.YES),
        (packet(7, 3), Match.NO),
        (packet(4, 7), Match.NO),
        (packet(4, 4, 99), Match.NO),
        (bytes(47), Match.NO),
        (bytes(48), Match.NO),
    ],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert NTP.recognises(data, b"") is match
