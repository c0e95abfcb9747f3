"""SNMP: messages in BER, built from RFC 1157 and RFC 3416."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.snmp import SnmpDecoder
from asepsis.evidence.wire.events import Asked, LogIn, Named
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

SNMP = SnmpDecoder()
DESCRIPTION, NAME = bytes.fromhex("2b06010201010100"), bytes.fromhex("2b06010201010500")


def ber(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2)
    return bytes([tag]) + length + body


def message(version: int, community: bytes, pdu: int, *bindings: bytes) -> bytes:
    return ber(0x30, ber(2, bytes([version])), ber(4, community), ber(pdu, ber(2, b"\1"), ber(2, b"\0"), ber(2, b"\0"), ber(0x30, *bindings)))


def binding(oid: bytes, value: bytes) -> bytes:
    return ber(0x30, ber(6, oid), value)


DIALOGUE = [
    (CLIENT, message(1, b"Tq7-ward", 0xA0, binding(DESCRIPTION, b"\5\0"))),
    (SERVER, message(1, b"Tq7-ward", 0xA2, binding(DESCRIPTION, ber(4, b"Pump 9000 v2.1" + b" " * 600)), binding(NAME, ber(4, b"pump-17")))),
    (CLIENT, message(1, b"Tq7-ward", 0xA0, binding(DESCRIPTION, b"\5\0"))),
]


def test_a_community_an_answer_and_what_the_device_is():
    events = hold_to_promises(SNMP, DIALOGUE, transport="udp", port=161)
    log_ins = [one for one in events if isinstance(one, LogIn)]
    assert [(one.how, one.secret, one.side, one.accepted) for one in log_ins] == [
        ("community", b"Tq7-ward", CLIENT, None),
        ("community", b"Tq7-ward", CLIENT, True),
    ]
    assert [(one.verb, one.subject, one.changes) for one in events if isinstance(one, Asked)] == [
        ("get", "version 2c", False),
        ("response", "version 2c", False),
    ]
    (named,) = [one for one in events if isinstance(one, Named)]
    assert (named.address, named.name, named.attributes) == ("10.0.0.9", "pump-17", {"description": "Pump 9000 v2.1"})


SETTING = [(CLIENT, message(0, b"private", 0xA3, binding(NAME, ber(4, b"x"))))]


def test_somebody_sets_a_value():
    events, _ = hear(SNMP, SETTING, transport="udp")
    assert [(one.verb, one.changes, one.subject) for one in events if isinstance(one, Asked)] == [("set", True, "version 1")]


def answer(request: int, status: int, community: bytes = b"private") -> bytes:
    pdu = ber(0xA2, ber(2, bytes([request])), ber(2, bytes([status])), ber(2, b"\0"), ber(0x30))
    return ber(0x30, ber(2, b"\0"), ber(4, community), pdu)


@pytest.mark.parametrize(("status", "accepted"), [(0, True), (4, False), (17, False)])  # no error, readOnly, notWritable (RFC 3416, 3)
def test_whether_a_value_was_set(status: int, accepted: bool):
    events = hold_to_promises(SNMP, [*SETTING, (SERVER, answer(1, status))], transport="udp", port=161)
    assert [one.accepted for one in events if isinstance(one, Asked) and one.verb == "set"] == [None, accepted]


def test_an_answer_to_something_else_sets_nothing():
    events, _ = hear(SNMP, [*SETTING, (SERVER, answer(2, 0))], transport="udp")
    assert [one.accepted for one in events if isinstance(one, Asked) and one.verb == "set"] == [None]


def version_3(flags: int) -> bytes:
    header = ber(0x30, ber(2, b"\1"), ber(2, b"\x05\xdc"), ber(4, bytes([flags])), ber(2, b"\3"))
    return ber(0x30, ber(2, b"\3"), header, ber(4, b"parameters"), ber(4, b"encrypted"))


@pytest.mark.parametrize(("flags", "level"), [(4, "noAuthNoPriv"), (5, "authNoPriv"), (7, "authPriv"), (6, "invalid")])
def test_version_3_says_how_it_is_protected(flags: int, level: str):
    (asked,) = hold_to_promises(SNMP, [(CLIENT, version_3(flags))], transport="udp")
    assert (asked.verb, asked.subject) == ("version 3", level)


@pytest.mark.parametrize(
    ("data", "match"),
    [(message(1, b"public", 0xA0), Match.YES), (message(2, b"public", 0xA0), Match.NO), (b"\x30\x03\x02\x01\x01", Match.NO), (b"", Match.NO)],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert SNMP.recognises(data, b"") is match


def test_what_is_no_message_is_told():
    assert hear(SNMP, [(CLIENT, b"\x30\x03\x02\x01\x01")], transport="udp")[1] == ["SNMP: no message of versions 1 to 3"]


def test_communities_without_end_are_complained_of_and_the_one_that_is_accepted_is_told():
    guesses = [(CLIENT, message(1, b"guess %d" % number, 0xA0)) for number in range(200)]
    events, complaints = hear(SNMP, [*guesses, (SERVER, message(1, b"guess 199", 0xA2))], transport="udp")
    log_ins = [one for one in events if isinstance(one, LogIn)]
    assert len(log_ins) == 65
    assert (log_ins[-1].secret, log_ins[-1].accepted) == (b"guess 199", True)
    assert set(complaints) == {"SNMP: more than 64 communities: the rest is told only where one is accepted"}
