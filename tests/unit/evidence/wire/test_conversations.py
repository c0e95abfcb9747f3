"""Which conversation a packet belongs to, when each begins and ends, and what was understood."""

from __future__ import annotations

from asepsis.evidence.wire.conversations import UNANSWERED
from asepsis.evidence.wire.events import Closed, Opened
from asepsis.evidence.wire.packet import Side
from tests.unit.evidence.wire.talks import ACK, FIN, RST, SECOND, SYN, Greeting, Network

PAIR = ("10.0.0.1:40000", "10.0.0.2:7000")


def test_a_conversation_begins_with_the_answer_and_ends_when_both_said_so():
    net = Network()
    net.handshake()
    net.pump(101, b"HELLO pump", ack=501)
    net.gateway(501, b"hi", ack=111)
    net.pump(111, flags=ACK | FIN, ack=503)
    net.gateway(503, flags=ACK | FIN, ack=112)
    assert net.opened == [(*PAIR, True, True)]
    assert net.closed == ["FINISHED"]
    assert net.said == ["C HELLO pump", "S hi", "C close FINISHED"]
    (conversation,) = {event.conversation for event in net.events}
    assert (conversation.protocol, conversation.packets, conversation.payload, conversation.lost) == ("greeting", [4, 3], [10, 2], [0, 0])
    net.pump(112, ack=504)
    net.end()
    assert net.table.tally.understood == 8  # the last acknowledgement comes after the end, and is of the conversation all the same
    assert net.table.count == 1


def test_the_answer_may_be_all_that_was_captured_of_a_handshake():
    net = Network()
    net.gateway(500, flags=SYN | ACK, ack=101)
    assert net.opened == [(*PAIR, True, True)]


def test_both_may_open_at_once_and_the_first_is_the_client():
    net = Network()
    net.pump(100, flags=SYN, ack=0)
    net.gateway(500, flags=SYN, ack=0)
    net.pump(100, flags=SYN | ACK, ack=501)
    net.gateway(500, flags=SYN | ACK, ack=101)
    net.pump(101, b"HELLO", ack=501)
    assert net.opened == [(*PAIR, True, True)]
    assert net.said == ["C HELLO"]
    assert net.table.count == 1


def test_a_handshake_that_nobody_answers_is_told_after_a_while():
    net = Network()
    net.pump(100, flags=SYN, ack=0)
    net.pump(100, flags=SYN, ack=0)
    assert not net.opened
    net.wait(UNANSWERED // SECOND + 1)
    assert net.opened == [(*PAIR, True, False)]
    net.gateway(500, flags=SYN | ACK, ack=101)
    assert len(net.opened) == 1


def test_a_refused_handshake_is_told_as_unanswered_and_broken_off_by_the_server():
    net = Network()
    net.pump(100, flags=SYN, ack=0)
    net.gateway(0, flags=RST | ACK, ack=101)
    assert net.opened == [(*PAIR, True, False)]
    assert net.closed == ["RESET"]
    (closed,) = [event for event in net.events if isinstance(event, Closed)]
    assert closed.side is Side.SERVER


def test_without_a_beginning_the_known_port_is_the_servers():
    net = Network()
    net.gateway(501, b"welcome", ack=101)
    assert net.opened == [(*PAIR, False, True)]


def test_without_a_beginning_and_without_a_known_port_the_first_speaker_is_the_client():
    net = Network()
    net.gateway(501, b"welcome", port=5555)
    assert net.opened == [("10.0.0.2:5555", "10.0.0.1:40000", False, True)]


def test_the_same_ports_again_are_another_conversation():
    net = Network()
    net.handshake()
    net.pump(101, b"HELLO one", ack=501)
    net.handshake(client=9000, server=7000)
    net.pump(9001, b"HELLO two", ack=7001)
    net.end()
    assert net.closed == ["SILENT", "CAPTURE_ENDED"]
    assert [said for said in net.said if "HELLO" in said] == ["C HELLO one", "C HELLO two"]
    assert [event.conversation.number for event in net.events if isinstance(event, Opened)] == [1, 2]
    assert sum(sum(event.conversation.packets) for event in net.events if isinstance(event, Closed)) == 8


def test_a_forged_reset_hides_nothing():
    net = Network()
    net.handshake()
    net.pump(101, b"HELLO one ", ack=501)
    net.pump(111, flags=RST, ack=0)
    net.gateway(501, b"in flight")
    assert net.table.count == 1
    net.pump(111, b"HELLO two ", ack=501)
    assert net.opened[1:] == [(*PAIR, False, True)]
    assert [said for said in net.said if "HELLO" in said] == ["C HELLO one ", "C HELLO two "]


def test_a_reset_out_of_reach_is_none():
    net = Network()
    net.handshake()
    net.pump(101 + (1 << 30), flags=RST, ack=0)
    assert not net.closed
    net.pump(101, flags=RST, ack=0)
    assert net.closed == ["RESET"]


def test_datagrams_between_two_ends_are_one_conversation_until_long_silence():
    net = Network()
    net.udp(b"HELLO a")
    net.udp(b"b", back=True)
    net.wait(3000)
    net.udp(b"c")
    assert net.said == ["C HELLO a", "S b", "C c"]
    net.wait(2 * 3600)
    assert net.closed == ["SILENT"]
    net.udp(b"d")
    assert net.table.count == 2


def test_an_answer_from_a_known_port_is_the_servers_though_it_came_first():
    net = Network()
    net.udp(b"answer", back=True)
    assert net.opened == [(*PAIR, True, True)]


def test_lost_bytes_reach_the_decoder_and_the_account():
    net = Network()
    net.handshake()
    net.pump(101, b"HELLO", ack=501)
    net.pump(116, b"later", ack=501)
    net.gateway(501, ack=121)
    net.end()
    assert net.said == ["C HELLO", "C gap 10", "C later", "C close CAPTURE_ENDED"]
    assert (net.table.tally.lost, net.table.tally.lossy) == (10, 1)


def test_what_a_snap_length_cut_off_is_lost():
    net = Network()
    net.handshake()
    net.pump(101, b"HELLO", ack=501, missing=7)
    net.pump(113, b"next", ack=501)
    net.udp(b"HELLO", own=1, missing=3)
    assert net.said == ["C HELLO", "C gap 7", "C next", "C HELLO", "C gap 3"]


def test_what_nobody_understands_is_counted_by_its_port():
    net = Network(decoders=())
    net.handshake(port=6001)
    net.pump(101, b"secret", port=6001)
    net.udp(b"abc", port=6002)
    net.handshake(port=6003)
    net.end()
    assert net.table.tally.packets == {"tcp port 6001": 4, "udp port 6002": 1}
    assert net.table.tally.bytes == {"tcp port 6001": 6, "udp port 6002": 3}
    assert net.table.tally.understood == 3  # nothing was said in the third


def test_a_full_table_forgets_what_was_never_answered_before_what_is_understood():
    net = Network(most=16)
    net.handshake(own=50)
    net.pump(101, b"HELLO old", ack=501, own=50)
    for own in range(1000, 1200):
        net.pump(100, flags=SYN, ack=0, own=own)
    net.pump(110, b"still here", own=50)
    assert net.said == ["C HELLO old", "C still here"]
    assert len(net.table._flows) <= 16
    assert net.table.evicted == 0
    assert sum(not answered for *_, answered in net.opened) >= 180


def test_a_full_table_that_forgets_what_goes_on_says_so():
    net = Network(most=8)
    for own in range(1000, 1020):
        net.handshake(own=own)
    assert net.table.evicted == 12


def test_late_packets_do_not_open_what_is_over():
    net = Network()
    net.handshake()
    net.pump(101, b"HELLO", flags=ACK | FIN, ack=501)
    net.gateway(501, flags=ACK | FIN, ack=107)
    net.pump(101, b"HELLO", flags=ACK | FIN, ack=501)
    net.pump(100, flags=SYN, ack=0)
    assert (net.table.count, net.closed) == (1, ["FINISHED"])
    net.wait(200)
    assert not net.table._flows


def test_somebody_who_speaks_to_himself_is_heard_once():
    net = Network()
    net.udp(b"HELLO", own=7000, port=7000)
    net.end()
    assert net.said[0] == "C HELLO"


def test_a_port_decides_only_who_is_asked_first():
    class Other(Greeting):
        info = Greeting.info.__class__("other", "Other", "these tests", ("tcp",), (9999,))

    for port, name in ((7000, "greeting"), (9999, "other"), (1, "other")):
        net = Network(decoders=(Other(), Greeting()))
        net.handshake(port=port)
        net.pump(101, b"HELLO", port=port)
        assert {event.conversation.protocol for event in net.events} == {name}
