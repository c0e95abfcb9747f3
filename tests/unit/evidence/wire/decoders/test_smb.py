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


def smb1(command: int, status: int, words: bytes) -> bytes:
    """A header of 32 bytes ([MS-CIFS] 2.2.3.1), then words and their number."""
    return frame(b"\xffSMB" + bytes([command]) + status.to_bytes(4, "little") + bytes(23) + bytes([len(words) // 2]) + words + bytes(2))


REFUSED = smb1(0x72, 0, b"\xff\xff")
AS_GUEST_1 = smb1(0x73, 0, b"\xff\0" + bytes(2) + b"\1\0")
AS_SOMEBODY_1 = smb1(0x73, 0, b"\xff\0" + bytes(2) + b"\0\0")


def session(status: int, flags: int) -> bytes:
    return frame(b"\xfeSMB" + struct.pack("<HHIH", 64, 0, status, 1) + bytes(50) + struct.pack("<HHHH", 9, flags, 72, 0))


def test_a_server_that_knows_none_of_the_versions_has_not_chosen_the_old_one():
    (asked,) = hold_to_promises(SMB, [(CLIENT, frame(b"\xffSMB\x72" + bytes(40))), (SERVER, REFUSED)], port=445)
    assert (asked.subject, asked.accepted) == ("SMB 1, unsigned", False)


@pytest.mark.parametrize(
    ("answer", "guests"),
    [
        (session(0, 1), 1), (session(0, 0), 0), (session(0, 2), 0), (session(0xC0000016, 1), 0),
        (AS_GUEST_1, 1), (AS_SOMEBODY_1, 0), (smb1(0x73, 0xC000006D, b"\xff\0" + bytes(2) + b"\1\0"), 0),
    ],
)  # fmt: skip
def test_whether_somebody_was_let_in_as_a_guest(answer: bytes, guests: int):
    events, _ = hear(SMB, [(SERVER, answer)])
    assert len([one for one in events if isinstance(one, Asked) and one.verb == "session" and one.accepted]) == guests


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
