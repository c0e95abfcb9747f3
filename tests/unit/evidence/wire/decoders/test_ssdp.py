"""SSDP: announcements, searches and answers after UPnP Device Architecture 2.0, 1.2 and 1.3."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.ssdp import SsdpDecoder
from asepsis.evidence.wire.events import Named
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

SSDP = SsdpDecoder()


def head(start: str, **fields: str) -> bytes:
    return "\r\n".join([start, *(f"{name}: {value}" for name, value in fields.items()), "", ""]).encode()


ALIVE = head("NOTIFY * HTTP/1.1", HOST="239.255.255.250:1900", NTS="ssdp:alive", USN="uuid:1", SERVER="Linux/4.4 UPnP/1.0 Pump 9000/2.1")
GONE = head("NOTIFY * HTTP/1.1", NTS="ssdp:byebye", USN="uuid:1", SERVER="Linux/4.4 UPnP/1.0 Pump 9000/2.1")
SEARCH = head("M-SEARCH * HTTP/1.1", MAN='"ssdp:discover"', ST="ssdp:all")
ANSWER = head("HTTP/1.1 200 OK", ST="upnp:rootdevice", USN="uuid:2", SERVER="Monitor without a grammar")
DIALOGUE = [(CLIENT, SEARCH), (SERVER, ANSWER), (CLIENT, ALIVE), (CLIENT, ALIVE)]


def test_who_announces_himself():
    events = hold_to_promises(SSDP, DIALOGUE, transport="udp", port=1900)
    assert [(one.address, one.how, one.attributes) for one in events if isinstance(one, Named)] == [
        ("10.0.0.9", "ssdp", {}),
        ("10.0.0.2", "ssdp", {"product": "Pump 9000/2.1"}),
    ]


@pytest.mark.parametrize("data", [SEARCH, GONE, head("HTTP/1.1 200 OK", Server="x UPnP/1.0 y")])
def test_what_announces_nobody(data: bytes):
    assert hear(SSDP, [(CLIENT, data)], transport="udp") == ([], [])


def test_announcements_without_end_are_bounded():
    said = [(CLIENT, ALIVE.replace(b"2.1", b"%d" % number)) for number in range(100)]
    assert len(hear(SSDP, said, transport="udp")[0]) == 32


@pytest.mark.parametrize(("data", "match"), [(ALIVE, Match.YES), (b"HTTP/1.1 404 no", Match.NO), (b"GET / HTTP/1.1\r\n", Match.NO), (b"", Match.NO)])
def test_what_is_recognised(data: bytes, match: Match):
    assert SSDP.recognises(data, b"") is match


def test_what_is_none_is_told():
    assert hear(SSDP, [(CLIENT, b"NOTIFY")], transport="udp")[1] == ["SSDP: a datagram that is no announcement, search or answer"]
