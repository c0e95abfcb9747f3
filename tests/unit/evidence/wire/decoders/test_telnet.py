"""Telnet: a log-in typed key by key (RFC 854), and what the server says to it."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.telnet import TelnetDecoder
from asepsis.evidence.wire.events import Banner, LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

TELNET = TelnetDecoder()
OPTIONS = b"\xff\xfb\x01\xff\xfd\x18"


def typed(text: str) -> list[tuple[object, bytes]]:
    return [(CLIENT, letter.encode()) for letter in text] + [(CLIENT, b"\r\0")]


DIALOGUE = [
    (SERVER, OPTIONS),
    (CLIENT, b"\xff\xfd\x01\xff\xfa\x18\x00xterm\xff\xf0"),
    (SERVER, b"\r\nPump 8.12 on Linux\r\npump login: "),
    *typed("rooz\x7ft"),
    (SERVER, b"root\r\nPassword: "),
    *typed("Tq7-ward"),
    (SERVER, b"\r\nWelcome\r\n~ # "),
]


def test_a_log_in_key_by_key_with_a_slip_of_the_finger():
    banner, log_in = hold_to_promises(TELNET, DIALOGUE, port=23)
    assert isinstance(banner, Banner)
    assert banner.text == "Pump 8.12 on Linux"
    assert isinstance(log_in, LogIn)
    assert (log_in.user, log_in.secret, log_in.accepted, log_in.side) == ("root", b"Tq7-ward", True, CLIENT)


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [(b"\r\nLogin incorrect\r\npump login: ", False), (b"\r\nlogin: ", False), (b"", None), (b"\r\n$ ", True), (b"\r\nC:\\>", True)],
)
def test_what_the_server_says_decides(answer: bytes, accepted: bool | None):
    said = [(SERVER, OPTIONS + b"login: "), (CLIENT, b"service\r\n"), (SERVER, b"Password:"), (CLIENT, b"Zq7-drip\r\n"), (SERVER, answer)]
    log_ins = [event for event in hear(TELNET, said)[0] if isinstance(event, LogIn)]
    assert [(one.user, one.secret, one.accepted) for one in log_ins] == [("service", b"Zq7-drip", accepted)]


EMPTY = [(SERVER, b"login: "), (CLIENT, b"root\r\n"), (SERVER, b"Password: "), (CLIENT, b"\r\n"), (SERVER, b"\r\n# ")]


def test_an_empty_password_is_one_too():
    (log_in,) = hear(TELNET, EMPTY)[0]
    assert (log_in.secret, log_in.accepted) == (b"", True)


def test_what_is_typed_after_the_log_in_is_nobodys_password():
    said = [(SERVER, b"login: "), (CLIENT, b"a\r\n"), (SERVER, b"Password: "), (CLIENT, b"b\r\n"), (SERVER, b"\r\n# "), (CLIENT, b"cat x\r\n")]
    assert len(hear(TELNET, said)[0]) == 1


def test_the_server_asks_by_what_stands_last_when_the_client_answers():
    said = [(SERVER, OPTIONS + b"login: "), (CLIENT, b"a\r\n"), (SERVER, b"Password: none\r\n100% ready "), (CLIENT, b"b\r\n"), (SERVER, b"$ ")]
    assert hold_to_promises(TELNET, said, port=23) == []


def test_an_entry_longer_than_is_kept_still_ends():
    said = [
        (SERVER, OPTIONS + b"login: "),
        (CLIENT, b"a" * 300 + b"\r\n"),
        (SERVER, b"Password: "),
        (CLIENT, b"b" * 300 + b"\r\n"),
        (SERVER, b"\r\n# "),
    ]
    (log_in,) = hold_to_promises(TELNET, said, port=23)
    assert (log_in.user, log_in.secret, log_in.accepted) == ("a" * 64, b"b" * 256, True)


def test_what_follows_enter_is_no_entry_of_its_own():
    said = [(SERVER, OPTIONS + b"login: "), (CLIENT, b"a\r"), (SERVER, b"Password: "), (CLIENT, b"\0"), (CLIENT, b"b\r"), (SERVER, b"\r\n# ")]
    (log_in,) = hold_to_promises(TELNET, said, port=23)
    assert (log_in.secret, log_in.accepted) == (b"b", True)


def test_a_password_that_is_asked_for_twice_is_told_twice():
    said = [(SERVER, OPTIONS + b"login: "), (CLIENT, b"a\r\n"), *[(SERVER, b"\r\nPassword: "), (CLIENT, b"b\r\n")] * 2, (SERVER, b"\r\n# ")]
    assert [one.accepted for one in hold_to_promises(TELNET, said, port=23)] == [None, True]


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (b"", OPTIONS, Match.YES),
        (OPTIONS, b"", Match.YES),
        (b"", b"Welcome\r\nlogin: ", Match.YES),
        (b"", b"", Match.MORE),
        (b"", b"Wel", Match.MORE),
        (b"GET / HTTP/1.1\r\n", b"", Match.NO),
        (b"USER x\r\n", b"220 FTP\r\n", Match.NO),
    ],
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert TELNET.recognises(client, server) is match
