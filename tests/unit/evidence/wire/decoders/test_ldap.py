"""LDAP: binds with a password in clear, their answers, and when it goes over to TLS (RFC 4511)."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ldap import LdapDecoder
from asepsis.evidence.wire.events import LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

LDAP = LdapDecoder()


def ber(tag: int, *content: bytes, long: bool = False) -> bytes:
    """An element; ``long`` writes its length in five bytes, as Windows does."""
    whole = b"".join(content)
    if long or len(whole) > 0xFFFF:
        length = b"\x84" + len(whole).to_bytes(4)
    else:
        length = bytes([len(whole)]) if len(whole) < 128 else b"\x82" + len(whole).to_bytes(2)
    return bytes([tag]) + length + whole


def message(number: int, operation: bytes, *, long: bool = False) -> bytes:
    return ber(0x30, ber(2, bytes([number])), operation, long=long)


def bind(number: int, name: bytes, how: bytes, *, long: bool = False) -> bytes:
    return message(number, ber(0x60, ber(2, b"\3"), ber(4, name), how, long=long), long=long)


def simple(password: bytes) -> bytes:
    return ber(0x80, password)


def sasl(mechanism: bytes, credentials: bytes) -> bytes:
    return ber(0xA3, ber(4, mechanism), ber(4, credentials))


def answer(number: int, result: int, tag: int = 0x61) -> bytes:
    return message(number, ber(tag, ber(0x0A, bytes([result])), ber(4), ber(4, b"words")))


NAME = b"cn=scanner,dc=ward,dc=example"
DIALOGUE = [
    (CLIENT, bind(1, NAME, simple(b"Tq7 ward"))),
    (SERVER, answer(1, 0)),
    (CLIENT, message(2, ber(0x63, ber(4, b"dc=ward"), b"\x0a\1\2"))),
    (SERVER, message(2, ber(0x64, ber(4, b"cn=a"), ber(0x30, b"x" * 300))) + message(2, ber(0x64, ber(4, b"y" * 9000))) + answer(2, 0, 0x65)),
    (CLIENT, bind(3, b"", simple(b""))),
    (SERVER, answer(3, 0)),
    (CLIENT, bind(4, b"", sasl(b"PLAIN", b"\0nurse\0Copper")) + message(5, ber(0x42))),
    (SERVER, answer(4, 49)),
]


def told(said: list) -> list[tuple[str, bytes | None, bool | None]]:
    return [(one.user, one.secret, one.accepted) for one in hear(LDAP, said)[0] if isinstance(one, LogIn)]


def test_passwords_in_clear_are_told_with_what_became_of_them():
    events = hold_to_promises(LDAP, DIALOGUE, port=389)
    assert [(one.how, one.user, one.secret, one.accepted, one.side) for one in events if isinstance(one, LogIn)] == [
        ("ldap", NAME.decode(), b"Tq7 ward", True, CLIENT),
        ("ldap", "nurse", b"Copper", False, CLIENT),
    ]


def test_lengths_of_five_bytes_are_as_good():
    assert told([(CLIENT, bind(1, NAME, simple(b"Tq7"), long=True)), (SERVER, answer(1, 0))]) == [(NAME.decode(), b"Tq7", True)]


@pytest.mark.parametrize(
    "how",
    [simple(b""), sasl(b"GSS-SPNEGO", b"NTLMSSP\0"), sasl(b"DIGEST-MD5", b""), ber(0xA3, ber(4, b"EXTERNAL")), sasl(b"PLAIN", b"\0nurse"), b"\x87\0"],
)
def test_where_no_password_is_sent_in_clear_none_is_told(how: bytes):
    assert told([(CLIENT, bind(1, NAME, how)), (SERVER, answer(1, 0))]) == []


def test_an_answer_that_was_not_seen_leaves_it_open():
    assert told([(CLIENT, bind(1, NAME, simple(b"a")))]) == [(NAME.decode(), b"a", None)]
    assert told([(CLIENT, bind(1, NAME, simple(b"a"))), (SERVER, answer(2, 0))]) == [(NAME.decode(), b"a", None)]
    assert told([(CLIENT, bind(1, NAME, simple(b"a"))), (SERVER, answer(1, 14))]) == [(NAME.decode(), b"a", None)]


def test_of_binds_without_answers_some_wait_and_all_are_told():
    assert len(told([(CLIENT, bind(number, NAME, simple(b"%d" % number))) for number in range(1, 41)])) == 40


START_TLS = message(1, ber(0x77, ber(0x80, b"1.3.6.1.4.1.1466.20037")))
PROTECTED = [(CLIENT, START_TLS), (SERVER, answer(1, 0, 0x78))]


def test_after_start_tls_it_is_another_protocol():
    assert hear(LDAP, PROTECTED)[1] == ["handover SERVER b''"]
    assert hear(LDAP, [PROTECTED[0], (SERVER, answer(1, 0, 0x78) + b"\x16\x03")])[1] == ["handover SERVER b'\\x16\\x03'"]


def test_a_refused_start_tls_changes_nothing():
    said = [(CLIENT, START_TLS), (SERVER, answer(1, 52, 0x78)), (CLIENT, bind(2, NAME, simple(b"a"))), (SERVER, answer(2, 0))]
    assert told(said) == [(NAME.decode(), b"a", True)]


def test_what_sasl_seals_is_passed_over_in_silence():
    said = [(CLIENT, bind(1, b"", sasl(b"GSSAPI", b"ticket"))), (SERVER, answer(1, 0)), (CLIENT, b"\0\0\1\0" + bytes(range(256)))]
    assert hear(LDAP, said) == ([], [])


@pytest.mark.parametrize("data", [b"\x31\x05hello", b"\x30\x80" + bytes(20), b"\x30\x85" + bytes(20), bind(1, NAME, b"")])
def test_what_is_broken_is_told_once(data: bytes):
    events, complaints = hear(LDAP, [(CLIENT, bind(1, NAME, simple(b""))), (CLIENT, data), (CLIENT, data)])
    assert events == []
    assert 1 <= len(set(complaints)) <= 1


def test_a_message_of_four_gigabytes_is_counted_and_not_kept():
    said = [(CLIENT, bind(1, NAME, simple(b"a"))), (SERVER, b"\x30\x84\xff\xff\xff\xff" + b"x" * 70_000)]
    assert told(said) == [(NAME.decode(), b"a", None)]


def test_bytes_missing_from_one_side_leave_the_other_heard():
    assert told([(CLIENT, bind(1, NAME, simple(b"a"))), (SERVER, 40), (CLIENT, bind(2, NAME, simple(b"b")))]) == [
        (NAME.decode(), b"a", None),
        (NAME.decode(), b"b", None),
    ]


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (DIALOGUE[0][1], b"", Match.YES),
        (bind(1, NAME, simple(b"a"), long=True), b"", Match.YES),
        (START_TLS, b"", Match.YES),
        (DIALOGUE[2][1], b"", Match.YES),
        (b"", b"", Match.MORE),
        (DIALOGUE[0][1][:8], b"", Match.MORE),
        (b"0", b"0", Match.MORE),
        (b"0123456789012345678901234567", b"", Match.NO),
        (b"", b"220 ready\r\n", Match.NO),
        (b"GET / HTTP/1.1\r\n", b"", Match.NO),
        (b"\x30\x29\x02\x01\x00\x04\x06public" + bytes(20), b"", Match.NO),  # SNMP
    ],
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert LDAP.recognises(client, server) is match
