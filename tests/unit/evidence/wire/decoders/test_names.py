"""DNS and its kin: messages of RFC 1035, with and without pointers."""

from __future__ import annotations

import struct

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.names import NamesDecoder
from asepsis.evidence.wire.events import Named
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

NAMES = NamesDecoder()


def name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def answer(owner: bytes, kind: int, body: bytes) -> bytes:
    return owner + struct.pack(">HHIH", kind, 1, 60, len(body)) + body


def message(flags: int, question: bytes, *answers: bytes) -> bytes:
    return (
        struct.pack(">HHHHHH", 7, flags, 1 if question else 0, len(answers), 0, 0) + (question + b"\0\1\0\1" if question else b"") + b"".join(answers)
    )


QUESTION = message(0x0100, name("gateway.ward.example"))
REPLY = message(0x8180, name("gateway.ward.example"), answer(b"\xc0\x0c", 1, bytes([10, 1, 2, 3])), answer(b"\xc0\x0c", 28, bytes(15) + b"\1"))


def test_an_answer_names_addresses():
    events = hold_to_promises(NAMES, [(CLIENT, QUESTION), (SERVER, REPLY)], transport="udp", port=53)
    assert [(one.address, one.name, one.how) for one in events if isinstance(one, Named)] == [
        ("10.1.2.3", "gateway.ward.example", "dns"),
        ("::1", "gateway.ward.example", "dns"),
    ]


SERVICES = message(
    0x8400,
    b"",
    answer(name("_http._tcp.local"), 12, name("Monitor 5._http._tcp.local")),
    answer(name("Monitor 5._http._tcp.local"), 33, b"\0\0\0\0\x1f\x90" + name("mon5.local")),
    answer(name("Monitor 5._http._tcp.local"), 16, b"\x0emodel=MX-5000\x08secret=x"),
    answer(name("mon5.local"), 1, bytes([10, 0, 0, 2])),
)


def test_multicast_names_tell_services_and_models_of_the_speaker():
    named, device = hear(NAMES, [(CLIENT, SERVICES)], transport="udp", port=5353)[0]
    assert (named.address, named.name, named.how) == ("10.0.0.2", "mon5.local", "mdns")
    assert device.address == "10.0.0.2"
    assert device.attributes == {"instance": "Monitor 5._http._tcp.local", "model": "MX-5000", "service _http._tcp": "Monitor 5._http._tcp.local"}


@pytest.mark.parametrize(
    "broken",
    [
        b"\xc0\x0c",  # points at itself
        b"\1a\xc0\x0c",  # a circle
        b"\xc0\xff",  # beyond the message
        b"\x80",  # no kind of label
        b"\x3fabc",  # longer than the message
    ],
)
def test_a_name_that_leads_nowhere_gives_nothing(broken: bytes):
    data = struct.pack(">HHHHHH", 7, 0x8180, 0, 1, 0, 0) + broken + struct.pack(">HHIH", 1, 1, 60, 4) + bytes(4)
    assert hear(NAMES, [(SERVER, data)], transport="udp", port=53)[0] == []


@pytest.mark.parametrize(
    ("data", "match"), [(QUESTION, Match.YES), (REPLY, Match.YES), (bytes(12), Match.NO), (b"", Match.NO), (b"\x1b" + bytes(47), Match.NO)]
)
def test_what_is_recognised(data: bytes, match: Match):
    assert NAMES.recognises(data, b"") is match
