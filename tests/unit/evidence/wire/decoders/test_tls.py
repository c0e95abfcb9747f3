"""TLS: what a handshake shows, built field by field from RFC 8446 and RFC 5246."""

from __future__ import annotations

from hashlib import sha256

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.tls import TlsDecoder
from asepsis.evidence.wire.events import TlsSaid
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

TLS = TlsDecoder()


def record(kind: int, body: bytes, version: bytes = b"\3\3") -> bytes:
    return bytes([kind]) + version + len(body).to_bytes(2) + body


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3) + body


def extension(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2) + len(body).to_bytes(2) + body


NAME = b"pump.example"
SNI = extension(0, (len(NAME) + 3).to_bytes(2) + b"\0" + len(NAME).to_bytes(2) + NAME)
ALPN = extension(16, b"\0\3\2h2")
VERSIONS = extension(43, b"\6\x0a\x0a\3\4\3\3")
SIGNATURES = extension(13, b"\0\4\4\3\x08\4")
GREASE = extension(0x3A3A, b"")


def client_hello(extensions: bytes, suites: bytes = b"\x5a\x5a\x13\x01\xc0\x2f") -> bytes:
    body = b"\3\3" + bytes(32) + b"\0" + len(suites).to_bytes(2) + suites + b"\1\0" + len(extensions).to_bytes(2) + extensions
    return record(22, message(1, body), b"\3\1")


def server_hello(version: bytes, suite: bytes, extensions: bytes = b"") -> bytes:
    return message(2, version + bytes(32) + b"\0" + suite + b"\0" + (len(extensions).to_bytes(2) + extensions if extensions else b""))


def certificates(*ders: bytes) -> bytes:
    chain = b"".join(len(der).to_bytes(3) + der for der in ders)
    return message(11, len(chain).to_bytes(3) + chain)


ANSWER = record(22, server_hello(b"\3\3", b"\xc0\x2f") + certificates(b"own certificate", b"its issuer") + message(13, b"\1\1\0\0\0\0"))
VERSION_1_2 = [
    (CLIENT, client_hello(SNI, b"\xc0\x2f\0\x0a")),
    (SERVER, ANSWER),
    (CLIENT, record(20, b"\1") + record(22, b"\xff" * 40)),
    (SERVER, record(23, bytes(500))),
]


def test_what_is_offered_and_chosen_in_version_1_2():
    offered, chosen, shown, asked = hold_to_promises(TLS, VERSION_1_2)
    assert (offered.step, offered.server_name, offered.suites, offered.version) == ("client-hello", "pump.example", (0xC02F, 0x000A), 0x0303)
    assert (chosen.step, chosen.version, chosen.suite, chosen.side, chosen.packet) == ("server-hello", 0x0303, 0xC02F, SERVER, 2)
    assert shown.certificates == (b"own certificate", b"its issuer")
    assert asked.step == "certificate-request"


VERSION_1_3 = [(CLIENT, client_hello(SNI + VERSIONS)), (SERVER, record(22, server_hello(b"\3\3", b"\x13\x01", extension(43, b"\3\4"))))]


def test_version_1_3_is_told_from_its_extension():
    offered, chosen = hold_to_promises(TLS, VERSION_1_3)
    assert isinstance(offered, TlsSaid)
    assert offered.version == 0x0304
    assert (chosen.version, chosen.suite) == (0x0304, 0x1301)


@pytest.mark.parametrize(("draft", "suite"), [(b"\x7f\x13", 0x1302), (b"\x7f\x15", 0x1302)])
def test_drafts_of_version_1_3_have_no_session_and_no_compression(draft: bytes, suite: int):
    hello = message(2, draft + bytes(range(32)) + b"\x13\x02" + b"\0\x08" + extension(51, bytes(4)))
    chosen = hear(TlsDecoder(), [VERSION_1_3[0], (SERVER, record(22, hello))]).events[1]
    assert isinstance(chosen, TlsSaid)
    assert (chosen.step, chosen.version, chosen.suite) == ("server-hello", int.from_bytes(draft), suite)


def test_the_last_drafts_are_laid_out_as_version_1_3_is():
    said = [VERSION_1_3[0], (SERVER, record(22, server_hello(b"\3\3", b"\x13\x01", extension(43, b"\x7f\x1c"))))]
    chosen = hear(TlsDecoder(), said).events[1]
    assert isinstance(chosen, TlsSaid)
    assert (chosen.version, chosen.suite) == (0x7F1C, 0x1301)


def test_the_print_of_a_client_is_its_ja4():
    (offered,) = hear(TLS, [(CLIENT, client_hello(GREASE + SNI + ALPN + VERSIONS + SIGNATURES))])[0]
    suites = sha256(b"1301,c02f").hexdigest()[:12]
    rest = sha256(b"000d,002b_0403,0804").hexdigest()[:12]
    assert offered.print == f"t13d0204h2_{suites}_{rest}"


def test_a_certificate_may_be_spread_over_records_and_packets():
    whole = server_hello(b"\3\3", b"\0\x2f") + certificates(bytes(20_000))
    records = record(22, whole[:16_000]) + record(22, whole[16_000:])
    events = hold_to_promises(TLS, [(SERVER, records[:700]), (SERVER, records[700:9000]), (SERVER, records[9000:])])
    assert [len(one.certificates[0]) for one in events if one.step == "certificate"] == [20_000]


REFUSED = [(CLIENT, record(21, b"\2\x30"))]


def test_an_alert_tells_why_it_ended():
    (alert,) = hear(TLS, REFUSED)[0]
    assert (alert.step, alert.alert) == ("alert", 48)


def test_an_alert_that_breaks_into_a_message_is_told_as_it_is():
    said = [(CLIENT, client_hello(SNI)), (SERVER, record(22, b"\2\0\0\x50\3")), (SERVER, record(21, b"\2\x28" + b"\1\0"))]
    events = hold_to_promises(TLS, said)
    assert [(one.step, one.alert) for one in events[1:]] == [("alert", 40), ("alert", 0)]
    assert hear(TLS, said)[1] == ["TLS: a handshake message that ends too early"]


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("no record where one must begin", record(22, message(14, b"")) + b"GET / HTTP/1.1"),
        ("a handshake message of 16777215 bytes", record(22, b"\1\xff\xff\xff" + bytes(50))),
        ("ends too early", record(22, message(1, b"\3\3" + bytes(10)))),
    ],
)
def test_what_is_broken_is_told_once(what: str, data: bytes):
    events, complaints = hear(TLS, [(CLIENT, data), (CLIENT, data)])
    assert events == []
    assert what in complaints[0]
    assert len(complaints) <= 2


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (b"", b"", Match.MORE),
        (b"\x16", b"", Match.MORE),
        (b"GET / HTTP/1.1\r\n", b"", Match.NO),
        (b"\x16\x03\x01\x02\x00\x01", b"", Match.YES),
        (b"\x16\x03\x09\x02\x00\x01", b"", Match.NO),
        (b"\x17\x03\x03\x00\x02ab\x17\x03\x03", b"", Match.YES),
        (b"\x17\x03\x03\x00\x02ab\x42\x42\x42", b"", Match.NO),
        (b"\x16\x03\x01\x02\x00\x01", b"220 ready", Match.NO),
    ],
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert TLS.recognises(client, server) is match
