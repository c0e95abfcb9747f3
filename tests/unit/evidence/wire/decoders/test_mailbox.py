"""POP3 and IMAP: dialogues after the grammar of RFC 1939 and RFC 9051."""

from __future__ import annotations

from base64 import b64encode

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.mailbox import MailboxDecoder
from asepsis.evidence.wire.events import Banner, Event, LogIn
from asepsis.evidence.wire.packet import Side
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

MAILBOX = MailboxDecoder()
PLAIN = b64encode(b"\0ct7\0Zq7-drip")

POP3 = [
    (SERVER, b"+OK Dovecot 2.3.7 ready\r\n"), (CLIENT, b"USER ct7\r\n"), (SERVER, b"+OK\r\n"), (CLIENT, b"PASS Zq7 drip\r\n"),
    (SERVER, b"-ERR no\r\n"), (CLIENT, b"USER ct7\r\n"), (SERVER, b"+OK\r\n"), (CLIENT, b"PASS Zq7-drip\r\n"), (SERVER, b"+OK 1 message\r\n"),
]  # fmt: skip
IMAP = [
    (SERVER, b"* OK ready\r\n"), (CLIENT, b'a1 LOGIN "ct7" "Zq7 \\"drip"\r\n'), (SERVER, b"* CAPABILITY IMAP4rev1\r\na1 NO wrong\r\n"),
    (CLIENT, b"a2 LOGIN {3}\r\n"), (SERVER, b"+ go on\r\n"), (CLIENT, b"ct7 {8}\r\n"), (SERVER, b"+ go on\r\n"), (CLIENT, b"Zq7-drip\r\n"),
    (SERVER, b"a2 OK done\r\n"),
]  # fmt: skip


def log_ins(events: list[Event]) -> list[tuple[str, str, bytes | None, bool | None]]:
    return [(one.how, one.user, one.secret, one.accepted) for one in events if isinstance(one, LogIn)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (POP3, [("pop3", "ct7", b"Zq7 drip", False), ("pop3", "ct7", b"Zq7-drip", True)]),
        (IMAP, [("imap", "ct7", b'Zq7 "drip', False), ("imap", "ct7", b"Zq7-drip", True)]),
    ],
    ids=["POP3", "IMAP"],
)
def test_log_ins_and_whether_they_were_accepted(said: list[tuple[Side, bytes]], told: list[object]):
    assert log_ins(hold_to_promises(MAILBOX, said)) == told


def test_what_the_server_calls_itself():
    said = [hear(MAILBOX, dialogue)[0][0] for dialogue in (POP3, IMAP)]
    assert [(one.product, one.version) for one in said if isinstance(one, Banner)] == [("Dovecot", "2.3.7")]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([*POP3[:1], (CLIENT, b"AUTH PLAIN\r\n"), (SERVER, b"+ \r\n"), (CLIENT, PLAIN + b"\r\n"), (SERVER, b"+OK\r\n")], [("pop3", True)]),
        ([*IMAP[:1], (CLIENT, b"a AUTHENTICATE PLAIN " + PLAIN + b"\r\n"), (SERVER, b"a OK\r\n")], [("imap", True)]),
        ([*IMAP[:1], (CLIENT, b"a AUTHENTICATE PLAIN " + PLAIN + b"\r\n")], [("imap", None)]),
    ],
)
def test_the_same_mechanism_in_each(said: list[tuple[Side, bytes]], told: list[tuple[str, bool | None]]):
    events, _ = hear(MAILBOX, said)
    assert log_ins(events) == [(how, "ct7", b"Zq7-drip", accepted) for how, accepted in told]


def test_commands_sent_at_once_are_answered_in_order():
    said = [POP3[0], (CLIENT, b"USER ct7\r\nPASS wrong\r\n"), (SERVER, b"+OK\r\n-ERR\r\n")]
    assert log_ins(hear(MAILBOX, said)[0]) == [("pop3", "ct7", b"wrong", False)]


def test_a_challenge_shows_no_password():
    said = [*POP3[:1], (CLIENT, b"AUTH CRAM-MD5\r\n"), (SERVER, b"+ PDE+\r\n"), (CLIENT, b"Y3Q3IDAw\r\n"), (SERVER, b"+OK\r\n")]
    assert log_ins(hear(MAILBOX, said)[0]) == [("pop3", "", None, True)]


@pytest.mark.parametrize(
    "said",
    [
        [*POP3[:1], (CLIENT, b"STLS\r\n"), (SERVER, b"+OK begin\r\n")],
        [*IMAP[:1], (CLIENT, b"a STARTTLS\r\n"), (SERVER, b"* x\r\na OK begin\r\n")],
    ],
)
def test_after_starttls_the_rest_is_handed_over(said: list[tuple[Side, bytes]]):
    assert "handover CLIENT b''" in hear(MAILBOX, [*said, (CLIENT, b"\x16\x03\x01")])[1]


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (b"", b"* OK", Match.YES), (b"CAPA\r\n", b"+OK hi\r\n", Match.YES), (b"", b"+OK hi\r\n", Match.MORE), (b"", b"", Match.MORE),
        (b"*1\r\n$4\r\nPING\r\n", b"+OK\r\n", Match.NO), (b"USER x\r\n", b"220 FTP\r\n", Match.NO), (b"GET / HTTP/1.1\r\n", b"", Match.NO),
        (b"EHLO x\r\n", b"220 ESMTP\r\n", Match.NO),
    ],
)  # fmt: skip
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert MAILBOX.recognises(client, server) is match
