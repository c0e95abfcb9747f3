"""SMTP: who logs in to send mail, and with which password (RFC 5321, RFC 4954)."""

from __future__ import annotations

from base64 import b64encode

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.smtp import SmtpDecoder
from asepsis.evidence.wire.events import Banner, LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

SMTP = SmtpDecoder()
GREETING = [
    (SERVER, b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n"),
    (CLIENT, b"EHLO pump3.example\r\n"),
    (SERVER, b"250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"),
]
PLAIN = b64encode(b"\0pump3\0Tq7 ward")


def login(answer: bytes = b"235 2.7.0 ok\r\n") -> list:
    return [
        (CLIENT, b"AUTH LOGIN\r\n"),
        (SERVER, b"334 VXNlcm5hbWU6\r\n"),
        (CLIENT, b64encode(b"pump3") + b"\r\n"),
        (SERVER, b"334 UGFzc3dvcmQ6\r\n"),
        (CLIENT, b64encode(b"Tq7 ward") + b"\r\n"),
        (SERVER, answer),
    ]


MAIL = [
    (CLIENT, b"MAIL FROM:<pump3@example>\r\nRCPT TO:<ward@example>\r\nDATA\r\n"),
    (SERVER, b"250 ok\r\n250 ok\r\n354 go on\r\n"),
    (CLIENT, b"Subject: alarm\r\n\r\nAUTH PLAIN " + b64encode(b"\0nobody\0nothing") + b"\r\n..\r\n.\r\nQUIT\r\n"),
    (SERVER, b"250 queued\r\n221 bye\r\n"),
]
DIALOGUE = [*GREETING, *login(), *MAIL]


def told(said: list) -> list[tuple[str, bytes | None, bool | None]]:
    return [(one.user, one.secret, one.accepted) for one in hear(SMTP, said)[0] if isinstance(one, LogIn)]


def test_a_log_in_is_told_and_nothing_of_the_mail():
    banner, log_in = hold_to_promises(SMTP, DIALOGUE, port=25)
    assert isinstance(banner, Banner)
    assert (banner.product, banner.version) == ("Postfix", "")
    assert isinstance(log_in, LogIn)
    assert (log_in.how, log_in.user, log_in.secret, log_in.accepted, log_in.side) == ("smtp", "pump3", b"Tq7 ward", True, CLIENT)


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ([(CLIENT, b"AUTH PLAIN " + PLAIN + b"\r\n"), (SERVER, b"235 ok\r\n")], True),
        ([(CLIENT, b"auth plain\r\n"), (SERVER, b"334 \r\n"), (CLIENT, PLAIN + b"\r\n"), (SERVER, b"535 no\r\n")], False),
        ([(CLIENT, b"AUTH PLAIN " + PLAIN + b"\r\n"), (SERVER, b"454 later\r\n")], None),
        ([(CLIENT, b"AUTH PLAIN " + PLAIN + b"\r\n")], None),
        ([(CLIENT, b"AUTH LOGIN " + b64encode(b"pump3") + b"\r\n"), *login()[3:]], True),
        (login(b"535-5.7.8 no\r\n535 5.7.8 really not\r\n"), False),
    ],
)
def test_each_way_of_sending_the_password_itself(said: list, accepted: bool | None):
    assert told([*GREETING, *said]) == [("pump3", b"Tq7 ward", accepted)]


@pytest.mark.parametrize(
    "said",
    [
        [
            (CLIENT, b"AUTH CRAM-MD5\r\n"),
            (SERVER, b"334 PDE+\r\n"),
            (CLIENT, b64encode(b"pump3 0123456789abcdef") + b"\r\n"),
            (SERVER, b"235 ok\r\n"),
        ],
        [(CLIENT, b"AUTH LOGIN\r\n"), (SERVER, b"334 VXNlcm5hbWU6\r\n"), (CLIENT, b"*\r\n"), (SERVER, b"501 given up\r\n")],
        [(CLIENT, b"AUTH PLAIN !!!\r\n"), (SERVER, b"501 what\r\n")],
        [(CLIENT, b"AUTH\r\n"), (SERVER, b"501 what\r\n")],
        [(CLIENT, b"BDAT 60 LAST\r\nAUTH PLAIN " + PLAIN + b"\r\n"), (SERVER, b"250 ok\r\n")],
    ],
)
def test_where_no_password_is_sent_none_is_told(said: list):
    assert told([*GREETING, *said]) == []


PROTECTED = [*GREETING, (CLIENT, b"STARTTLS\r\n"), (SERVER, b"220 go ahead\r\n")]


def test_after_starttls_it_is_another_protocol():
    assert hear(SMTP, PROTECTED)[1] == ["handover CLIENT b''"]
    assert told([*GREETING, (CLIENT, b"STARTTLS\r\n"), (SERVER, b"454 not now\r\n"), *login()]) == [("pump3", b"Tq7 ward", True)]


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (b"", b"220 mail.example ESMTP Exim 4.96\r\n", Match.YES),
        (b"EHLO x\r\n", b"220 ready\r\n", Match.YES),
        (b"helo x\r\n", b"", Match.YES),
        (b"", b"", Match.MORE),
        (b"", b"220 ready\r\n", Match.MORE),
        (b"EH", b"220 ready\r\n", Match.MORE),
        (b"USER x\r\n", b"220 mail or files\r\n", Match.NO),
        (b"", b"220", Match.MORE),
        (b"", b"SSH-2.0-x\r\n", Match.NO),
        (b"GET / HTTP/1.1\r\n", b"", Match.NO),
    ],
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert SMTP.recognises(client, server) is match
