"""FTP: the control connection of RFC 959."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ftp import FtpDecoder
from asepsis.evidence.wire.events import Asked, Banner, LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

FTP = FtpDecoder()


DIALOGUE = [
    (SERVER, b"220-Maintenance only\r\n220 (vsFTPd 2.3.4)\r\n"),
    (CLIENT, b"USER service\r\n"),
    (SERVER, b"331 Please specify the password.\r\n"),
    (CLIENT, b"PASS Tq7 ward\r\n"),
    (SERVER, b"230 Login successful.\r\n"),
    (CLIENT, b"STOR /firmware/update.bin\r\n"),
    (SERVER, b"150 Ok to send data.\r\n226 Transfer complete.\r\n"),
]


def test_a_log_in_and_a_file_that_is_put_there():
    banner, log_in, asked = hold_to_promises(FTP, DIALOGUE, port=21)
    assert isinstance(banner, Banner)
    assert (banner.product, banner.version) == ("vsFTPd", "2.3.4")
    assert isinstance(log_in, LogIn)
    assert (log_in.user, log_in.secret, log_in.accepted) == ("service", b"Tq7 ward", True)
    assert isinstance(asked, Asked)
    assert (asked.verb, asked.subject, asked.changes, asked.accepted) == ("STOR", "bin", True, True)


@pytest.mark.parametrize(("answer", "accepted"), [(b"530 Not logged in\r\n", False), (b"230 ok\r\n", True), (b"", None), (b"331 more\r\n", None)])
def test_what_the_server_says_decides(answer: bytes, accepted: bool | None):
    said = [(SERVER, b"220 x\r\n"), (CLIENT, b"USER a\r\n"), (SERVER, b"331 x\r\n"), (CLIENT, b"PASS b\r\n"), (SERVER, answer)]
    assert [one.accepted for one in hear(FTP, said)[0] if isinstance(one, LogIn)] == [accepted]


PROTECTED = [(SERVER, b"220 FTP\r\n"), (CLIENT, b"AUTH TLS\r\n"), (SERVER, b"234 go ahead\r\n")]


def test_after_auth_tls_it_is_another_protocol():
    assert hear(FTP, PROTECTED)[1] == ["handover CLIENT b''"]


def test_the_end_of_a_line_longer_than_is_kept_is_not_lost():
    said = [(SERVER, b"220 x\r\n"), (CLIENT, b"USER " + b"a" * 8187 + b"\r"), (CLIENT, b"PASS b\r\n"), (SERVER, b"230 ok\r\n")]
    (log_in,) = [one for one in hear(FTP, said)[0] if isinstance(one, LogIn)]
    assert (log_in.secret, log_in.accepted) == (b"b", True)


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (b"USER x\r\n", b"220 ready\r\n", Match.YES),
        (b"", b"220 ProFTPD 1.3.5\r\n", Match.YES),
        (b"", b"220 mail.example ESMTP\r\n", Match.NO),
        (b"EHLO me\r\n", b"220 ready\r\n", Match.NO),
        (b"", b"220 ready\r\n", Match.MORE),
        (b"GET / HTTP/1.1\r\n", b"", Match.NO),
        (b"", b"", Match.MORE),
    ],
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert FTP.recognises(client, server) is match
