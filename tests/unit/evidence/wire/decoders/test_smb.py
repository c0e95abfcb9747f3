"""SMB: the negotiation of [MS-SMB2] 2.2.4 and [MS-SMB] 2.2.4.5.2, the log-in of [MS-NLMP] 2.2.1.3."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.smb import SmbDecoder
from asepsis.evidence.wire.events import Asked, LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

SMB = SmbDecoder()


def frame(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(3) + message


def smb2(command: int, body: bytes) -> bytes:
    return frame(b"\xfeSMB" + struct.pack("<HHIH", 64, 0, 0, command) + bytes(50) + body)


def negotiated(mode: int, dialect: int) -> bytes:
    return smb2(0, struct.pack("<HHH", 65, mode, dialect) + bytes(60))


def log_in(user: str) -> bytes:
    raw = user.encode("utf-16-le")
    head = b"NTLMSSP\0" + struct.pack("<I", 3) + bytes(16) + bytes(8) + struct.pack("<HHI", len(raw), len(raw), 64) + bytes(16) + struct.pack("<I", 1)
    return head + raw


SMB1 = frame(b"\xffSMB\x72" + bytes(27) + b"\x11\1\0" + b"\3" + bytes(40))


DIALOGUE = [(CLIENT, smb2(0, bytes(40))), (SERVER, negotiated(1, 0x0302)), (CLIENT, smb2(1, bytes(24) + log_in("engineer")) + smb2(9, bytes(90_000)))]


def test_version_signing_and_who_logs_in():
    asked, who = hold_to_promises(SMB, DIALOGUE, port=445)
    assert isinstance(asked, Asked)
    assert asked.subject == "SMB 3.0.2, signing not required"
    assert isinstance(who, LogIn)
    assert (who.how, who.user, who.secret) == ("ntlm", "engineer", None)


@pytest.mark.parametrize(
    ("answer", "subject"),
    [(negotiated(3, 0x0311), "SMB 3.1.1"), (negotiated(1, 0x0202), "SMB 2.0.2, signing not required"), (SMB1, "SMB 1, unsigned")],
)
def test_what_both_agreed_on(answer: bytes, subject: str):
    assert [one.subject for one in hear(SMB, [(SERVER, answer)])[0] if isinstance(one, Asked)] == [subject]


def test_versions_without_end_are_not_all_told():
    events, complaints = hear(SMB, [(SERVER, negotiated(1, dialect)) for dialect in range(300)])
    assert len(events) == 64
    assert set(complaints) == {"SMB: more than 64 versions and users: the rest is not told"}


@pytest.mark.parametrize(
    ("client", "match"),
    [
        (frame(b"\xffSMB\x72"), Match.YES),
        (b"\x81\0\0\x44" + bytes(68) + frame(b"\xffSMB\x72"), Match.YES),
        (b"\x81\0\0\x44" + bytes(68), Match.MORE),
        (b"\x81\0\0\x44" + bytes(68) + b"GET / HTTP", Match.NO),
        (b"\0\0", Match.MORE),
        (b"", Match.MORE),
        (b"GET / HTTP/1.1", Match.NO),
    ],
)
def test_what_is_recognised(client: bytes, match: Match):
    assert SMB.recognises(client, b"") is match
