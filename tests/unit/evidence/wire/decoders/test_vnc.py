"""VNC: version, security and result, byte by byte from RFC 6143, 7.1."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.vnc import VncDecoder
from asepsis.evidence.wire.events import Asked, Banner
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

VNC = VncDecoder()
V8, V7, V3 = b"RFB 003.008\n", b"RFB 003.007\n", b"RFB 003.003\n"
PASSWORD = [(SERVER, V8), (CLIENT, V8), (SERVER, b"\x01\x02"), (CLIENT, b"\x02"), (SERVER, bytes(16)), (CLIENT, bytes(16)), (SERVER, bytes(4))]
OLD_CLIENT = [(SERVER, V8), (CLIENT, V3), (SERVER, b"\0\0\0\x02" + bytes(16)), (CLIENT, bytes(16)), (SERVER, bytes(4))]


DIALOGUE = [(SERVER, V8), (CLIENT, V8), (SERVER, b"\x02\x01\x02"), (CLIENT, b"\x01"), (SERVER, b"\0\0\0\0"), (CLIENT, b"\x01")]


def test_a_screen_without_a_password():
    banner, asked = hold_to_promises(VNC, DIALOGUE, port=5900)
    assert isinstance(banner, Banner)
    assert (banner.product, banner.version) == ("RFB", "3.8")
    assert isinstance(asked, Asked)
    assert (asked.subject, asked.accepted) == ("none", True)


@pytest.mark.parametrize(
    ("said", "subject", "accepted"),
    [
        (PASSWORD, "VNC password", True),
        ([*PASSWORD[:-1], (SERVER, b"\0\0\0\1")], "VNC password", False),
        ([(SERVER, V7), (CLIENT, V7), (SERVER, b"\x01\x01"), (CLIENT, b"\x01")], "none", True),
        (OLD_CLIENT, "VNC password", True),
        ([(SERVER, V8), (CLIENT, V8), (SERVER, b"\x01\x13"), (CLIENT, b"\x13")], "VeNCrypt", None),
        (PASSWORD[:-2], "VNC password", None),
    ],
    ids=["accepted", "refused", "3.7 sends no result", "an old client", "another type", "cut before the result"],
)
def test_what_was_chosen_and_what_came_of_it(said: list[tuple[object, bytes]], subject: str, accepted: bool | None):
    (asked,) = [one for one in hear(VNC, said)[0] if isinstance(one, Asked)]
    assert (asked.subject, asked.accepted) == (subject, accepted)


def test_a_server_that_nobody_answers_is_told_too():
    (banner,) = hear(VNC, [(SERVER, V7)])[0]
    assert (banner.product, banner.version, banner.side) == ("RFB", "3.7", SERVER)


@pytest.mark.parametrize(
    ("client", "server", "match"), [(b"", V8, Match.YES), (b"", b"RF", Match.MORE), (b"", b"SSH-2.0-", Match.NO), (b"", b"RFB xxx.yyy\n", Match.NO)]
)
def test_what_is_recognised(client: bytes, server: bytes, match: Match):
    assert VNC.recognises(client, server) is match
