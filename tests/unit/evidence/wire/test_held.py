"""What all conversations hold together is bounded, whichever decoders hold it."""

from __future__ import annotations

from collections import deque

import pytest

from asepsis.evidence.wire import conversations
from asepsis.evidence.wire.decoders import DECODERS
from asepsis.evidence.wire.events import Hl7Said
from asepsis.evidence.wire.held import held
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.limits import KIB

from .talks import SYN, Network

BEGINNINGS = {
    "hl7": b"\x0bMSH|^~\\&|PUMP|W|GW|W|20260101||ORU^R01|M1|P|2.6\r",
    "http": b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n",
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n\0\0\x80\0",
    "tls": b"\x16\x03\x01\x40\0\x01\x01\0\0",
    "dicom": b"\x01\0\0\0\xf0\0" + b"\0\x01\0\0" + b"A".ljust(16) + b"B".ljust(16) + bytes(32),
    "ftp": b"USER a\r\nPASS ",
    "poct1a": b"<HEL.R01><HDR><HDR.control_id V='1'/>",
}


class Alike:
    """Fields of either sort."""

    __slots__ = ("again", "data", "many")

    def __init__(self) -> None:
        self.data, self.many, self.again = bytearray(1000), deque([b"a" * 500, (b"b" * 500, 7)]), self


def test_bytes_are_found_wherever_they_are_and_a_circle_has_an_end():
    assert held(b"a" * 100) < 200
    assert held({"a": [b"x" * 1000, {1: "y" * 1000}]}) > 2000
    assert 2000 < held(Alike()) < 30_000
    assert held(Conversation(1, "tcp", Endpoint("a" * 999, 1), Endpoint("b", 2), 1, 1)) == 0


@pytest.mark.parametrize("name", BEGINNINGS)
def test_what_a_decoder_holds_of_a_message_is_seen(name: str):
    decoder = next(one for one in DECODERS if one.info.name == name)
    talk = Conversation(1, "tcp", Endpoint("10.0.0.1", 1), Endpoint("10.0.0.2", 2), 1, 1, opened_seen=True, answered=True)
    listener = decoder.listen(talk, lambda _: None, lambda *_: None)
    listener.data(Side.CLIENT, BEGINNINGS[name], 1, 0)
    before = held(listener)
    for number in range(8):
        listener.data(Side.CLIENT, b"a" * 512, 2 + number, 0)
    assert held(listener) - before >= 8 * 512, name


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> int:
    """Far less than there is."""
    monkeypatch.setattr(conversations, "ALL_RECENT_BYTES", 16 * KIB)
    monkeypatch.setattr(conversations, "ALL_HEARD_BYTES", 256 * KIB)
    return 256 * KIB


def endless(net: Network, numbers: range, times: int) -> list[int]:
    """So many messages of HL7 that have no end; what was held after each round."""
    most = []
    sent = dict.fromkeys(numbers, 101)
    for own in numbers:
        net.pump(100, flags=SYN, ack=0, own=own)
        net.gateway(500, flags=SYN | 0x10, ack=101, own=own)
    for turn in range(times):
        for own in numbers:
            said = BEGINNINGS["hl7"] if not turn else b"OBX|1|TX|" + b"a" * 1000 + b"\r"
            net.pump(sent[own], said, own=own)
            sent[own] += len(said)
        most.append(sum(flow.talk.held for flow in net.table._flows))
    return most


def test_messages_without_an_end_are_given_up_before_they_fill_the_memory(little: int):
    net = Network(decoders=DECODERS)
    most = endless(net, range(3000, 3060), 40)  # 2.4 MB in all
    assert max(most) < 2 * little
    assert any("heard_bytes" in what for _, what in net.complaints)


def test_what_was_given_up_ends_nobody_elses_conversation(little: int):
    net = Network(decoders=DECODERS)
    endless(net, range(3000, 3060), 40)
    net.handshake(own=50)
    net.pump(101, BEGINNINGS["hl7"] + b"\x1c\r", own=50)
    assert [event.conversation.client.port for event in net.events if isinstance(event, Hl7Said)] == [50]


def test_as_long_as_there_is_room_nobody_is_given_up():
    net = Network(decoders=DECODERS)
    endless(net, range(3000, 3010), 20)
    assert net.complaints == []


def test_small_pieces_that_are_remembered_count_with_what_they_cost(little: int):
    net = Network(decoders=())
    net.handshake(own=50)
    for number in range(2000):
        net.pump(101 + 2 * number, b"ab", own=50)
    assert sum(len(half.recent) for flow in net.table._flows for half in flow.halves) * 56 <= 16 * KIB + 100
