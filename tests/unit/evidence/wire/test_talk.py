"""How a conversation is recognised, and what happens where a decoder does what it must not."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.talk import KEPT_BYTES, MOST_COMPLAINTS
from tests.unit.evidence.wire.talks import Broken, Greeting, Network, Shy


def talk(*decoders: Greeting) -> Network:
    net = Network(decoders=decoders or (Greeting(),))
    net.handshake()
    return net


def test_the_first_bytes_may_come_one_by_one():
    net = talk()
    for index, byte in enumerate(b"HELLO"):
        net.pump(101 + index, bytes((byte,)), ack=501)
    assert net.said == [f"C {letter}" for letter in "HELLO"]


def test_it_may_be_the_server_who_tells_what_it_is():
    net = talk(Shy())
    net.pump(101, b"anything", ack=501)
    assert not net.said
    net.gateway(501, b"SHY am I", ack=109)
    assert net.said == ["C anything", "S SHY am I"]


def test_a_wait_for_the_other_side_has_an_end():
    net = talk(Shy())
    for index in range(KEPT_BYTES // 1000 + 1):
        net.pump(101 + 1000 * index, bytes(1000), ack=501)
    assert net.table._office.kept == 0
    net.gateway(501, b"SHY am I")
    net.end()
    assert not net.said


def test_what_is_kept_is_given_back():
    net = talk(Shy())
    net.pump(101, b"anything", ack=501)
    assert net.table._office.kept > 0
    net.end()
    assert net.table._office.kept == 0


def test_a_conversation_from_its_middle_may_be_recognised_later():
    net = Network(decoders=(Shy(),))
    net.pump(700, b"middle")
    net.gateway(501, b"of something")
    net.pump(706, b"more")
    net.gateway(513, b"SHY am I")
    assert "S SHY am I" in net.said


def test_a_conversation_whose_beginning_was_seen_is_not_guessed_later():
    net = talk()
    net.pump(101, b"what?", ack=501)
    net.pump(106, b"HELLO", ack=501)
    assert not net.said


def test_a_conversation_that_lost_its_beginning_is_recognised_by_what_comes():
    net = talk()
    net.pump(111, b"HELLO", ack=501)
    net.gateway(501, ack=116)
    assert net.said == ["C gap 10", "C HELLO"]


def test_another_protocol_may_take_over():
    net = talk(Greeting(), Shy())
    net.pump(101, b"HELLO", ack=501)
    net.pump(106, b"SWITCH", ack=501)
    net.gateway(501, b"SHY am I", ack=112)
    assert net.said == ["C HELLO", "S SHY am I"]
    assert {event.conversation.protocol for event in net.events} == {"shy"}


def test_what_is_left_after_a_handover_is_heard_by_the_next():
    net = talk()
    net.pump(101, b"HELLO", ack=501)
    net.pump(106, b"SWITCHHELLO again", ack=501)
    assert net.said == ["C HELLO", "C HELLO again"]


def test_handovers_in_a_circle_have_an_end():
    net = talk()
    for index in range(20):
        net.pump(101 + 11 * index, b"HELLOSWITCH", ack=501)
    assert any("handovers: more than" in what for _, what in net.complaints)


def test_a_decoder_that_fails_costs_its_conversation_and_nothing_else():
    net = talk()
    net.pump(101, b"HELLO", ack=501)
    net.pump(106, b"BUG", ack=501)
    net.pump(109, b"more", ack=501)
    net.udp(b"HELLO udp")
    net.end()
    assert net.bugs == [(5, "decoder greeting failed with ZeroDivisionError")]
    assert net.said == ["C HELLO", "C HELLO udp", "C close CAPTURE_ENDED"]
    assert net.table.tally.packets == {"tcp port 7000": 6}


def test_a_decoder_that_fails_to_recognise_does_not_keep_others_from_it():
    net = Network(decoders=(Broken(), Greeting()))
    net.handshake(port=7001)
    net.pump(101, b"HELLO", ack=501, port=7001)
    assert net.said == ["C HELLO"]
    assert net.bugs == [(4, "decoder broken failed with KeyError")]


def test_complaints_of_one_conversation_are_bounded():
    net = talk()
    net.pump(101, b"HELLO", ack=501)
    for index in range(50):
        net.pump(106 + 5 * index, b"WRONG", ack=501)
    assert len(net.complaints) == MOST_COMPLAINTS
    assert net.complaints[0] == (5, "greeting: a wrong word in packet 5")


def test_bytes_sent_twice_with_other_content_are_complained_of_once():
    net = talk()
    net.pump(101, b"HELLO 5", ack=501)
    net.pump(101, b"HELLO 9", ack=501)
    net.pump(101, b"HELLO 7", ack=501)
    assert len(net.complaints) == 1
    assert "different content" in net.complaints[0][1]
    assert next(iter(net.events)).conversation.spoiled == [2, 0]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_datagram_after_others_may_be_the_one_that_is_known(count: int):
    net = Network()
    for _ in range(count):
        net.udp(b"noise")
    net.udp(b"HELLO")
    assert net.said == ["C noise"] * count + ["C HELLO"]
