"""SSH: the line each side begins with (RFC 4253, 4.2), the key that the server shows (section 8)."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ssh import SshDecoder
from asepsis.evidence.wire.events import Banner, KeyShown
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

SSH = SshDecoder()


def text(value: bytes) -> bytes:
    return len(value).to_bytes(4) + value


def packet(body: bytes) -> bytes:
    padding = 8 - (len(body) + 5) % 8 + 4
    return (len(body) + padding + 1).to_bytes(4) + bytes([padding]) + body + bytes(padding)


KEY = text(b"ssh-ed25519") + text(bytes(range(32)))
REPLY = packet(b"\x1f" + text(KEY) + text(bytes(32)) + text(b"signature"))


DIALOGUE = [
    (SERVER, b"Authorised use only\r\nSSH-2.0-dropbear_2017.75\r\n"),
    (CLIENT, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + packet(b"\x14" + bytes(40))),
    (SERVER, packet(b"\x14" + bytes(40)) + REPLY + packet(b"\x15")),
    (CLIENT, packet(b"\x15")),
    (SERVER, b"\xff" * 100),
]


def test_banners_and_the_servers_key():
    server, client, key = hold_to_promises(SSH, DIALOGUE)
    assert isinstance(server, Banner)
    assert (server.product, server.version, server.what) == ("dropbear", "2017.75", "server")
    assert (client.product, client.version, client.what) == ("OpenSSH", "9.2p1", "client")
    assert isinstance(key, KeyShown)
    assert (key.algorithm, key.key) == ("ssh-ed25519", KEY)


def test_software_without_a_version():
    (banner,) = hear(SSH, [(SERVER, b"SSH-2.0-Cisco\r\n")])[0]
    assert (banner.text, banner.product, banner.version) == ("SSH-2.0-Cisco", "Cisco", "")


def test_a_packet_of_impossible_length_ends_the_listening():
    events, complaints = hear(SSH, [(SERVER, b"SSH-2.0-x\r\n" + b"\xff" * 30), (SERVER, b"\xff" * 30)])
    assert len(events) == 1
    assert complaints == ["SSH: a packet of 4294967295 bytes before the keys are in use"]


def test_a_server_that_never_says_its_version():
    assert hear(SSH, [(SERVER, b"x" * 40_000)])[1] == ["SSH: no line that says the version"]


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (b"", b"", Match.MORE),
        (b"SS", b"", Match.MORE),
        (b"SSH-2.0-x", b"220 ready", Match.YES),
        (b"GET /", b"", Match.NO),
        (b"", b"220 ready", Match.NO),
    ],
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert SSH.recognises(client, server) is match
