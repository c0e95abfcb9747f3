"""RFC 9293, 3.4: bytes come out in the order of their sequence numbers, once each, and what is missing is said."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asepsis.evidence.wire.packet import Side
from asepsis.evidence.wire.tcp import ACK, FIN, HELD_BYTES, PATIENCE, SYN, Half, Room

WRAP = 1 << 32


class Ear:
    """Notes what it is told of the client."""

    def __init__(self) -> None:
        self.heard: list[bytes | int] = []
        self.different: list[int] = []
        self.said: list[str] = []

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        self.heard.append(data)

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        self.heard.append(length)

    def differs(self, side: Side, count: int, packet: int) -> None:
        self.different.append(count)

    def says(self, side: Side, packet: int, what: str) -> None:
        self.said.append(what)

    @property
    def text(self) -> bytes:
        return b"".join(b"[%d]" % said if isinstance(said, int) else said for said in self.heard)


class Line:
    """A connection whose client speaks; its first byte has the number ``first``."""

    def __init__(self, first: int = 1001, *, opened: bool = True) -> None:
        self.ear, self.room, self.first = Ear(), Room(), first
        self.client, self.server = Half(Side.CLIENT, self.ear, self.room), Half(Side.SERVER, self.ear, self.room)
        self.client.other, self.server.other = self.server, self.client
        if opened:
            self.client.segment((first - 1) % WRAP, 0, SYN, b"", 0, 1, 1)

    def send(self, offset: int, payload: bytes, flags: int = ACK, missing: int = 0) -> None:
        self.client.segment((self.first + offset) % WRAP, 1, flags, payload, missing, 2, 2)

    def acknowledge(self, offset: int, time: int = 3 + PATIENCE) -> None:
        self.server.segment(1, (self.first + offset) % WRAP, ACK, b"", 0, 3, time)

    def end(self) -> bytes:
        self.client.end(9, 9)
        assert self.room.held == 0
        return self.ear.text


SEGMENTS = ((0, b"one "), (4, b"two "), (8, b"three "), (14, b"four "), (19, b"five"))


@pytest.mark.parametrize("first", [1001, WRAP - 9, 0])
@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_whatever_order_segments_come_in_the_stream_is_the_same(order: tuple[int, ...], first: int):
    line = Line(first)
    for index in order:
        line.send(*SEGMENTS[index])
    assert line.end() == b"one two three four five"
    assert not line.ear.different
    assert 0 not in line.ear.heard


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_cuts_repeats_and_overlaps_of_one_stream_give_that_stream(stream: bytes, data: st.DataObject):
    line = Line(data.draw(st.integers(0, WRAP - 1)))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=8)) | {0, len(stream)})
    pieces = [(begin, stream[begin : end + data.draw(st.integers(0, 5))]) for begin, end in pairwise(cuts)]
    again = data.draw(st.lists(st.sampled_from(pieces), max_size=5)) if pieces else []
    for offset, piece in data.draw(st.permutations([*pieces, *again])):
        line.send(offset, piece)
    assert line.end() == stream
    assert not line.ear.different


def test_a_retransmission_is_not_told_again():
    line = Line()
    line.send(0, b"rate 5")
    line.send(0, b"rate 5")
    line.send(4, b" 5 mL/h")
    assert line.end() == b"rate 5 mL/h"
    assert not line.ear.different


def test_the_same_bytes_with_other_content_are_noticed_and_the_first_ones_count():
    line = Line()
    line.send(0, b"rate 5.0")
    line.send(0, b"rate 9.5")
    assert line.end() == b"rate 5.0"
    assert line.ear.different == [2]


def test_an_overlap_that_was_held_back_is_compared_too():
    line = Line()
    line.send(2, b"cdef")
    line.send(2, b"cXef")
    line.send(0, b"ab")
    assert line.end() == b"abcdef"
    assert line.ear.different == [1]


def test_a_hole_is_a_gap_once_the_other_side_has_acknowledged_it():
    line = Line()
    line.send(0, b"ab")
    line.send(5, b"fg")
    assert line.ear.text == b"ab"
    line.acknowledge(2)
    assert line.ear.text == b"ab"
    line.acknowledge(7)
    assert line.ear.text == b"ab[3]fg"


def test_what_was_acknowledged_may_come_a_moment_later():
    line = Line()
    line.send(0, b"ab")
    line.send(5, b"fg")
    line.acknowledge(7, time=3)
    line.send(2, b"cde")
    assert line.ear.text == b"abcdefg"


def test_a_hole_that_was_acknowledged_in_part_is_a_gap_in_part():
    line = Line()
    line.send(6, b"gh")
    line.acknowledge(2)
    assert line.ear.text == b"[2]"
    line.send(2, b"cdef")
    assert line.end() == b"[2]cdefgh"


def test_what_was_acknowledged_before_it_could_be_seen_does_not_wait_for_long():
    line = Line()
    line.acknowledge(4)
    line.send(4, b"ef")
    assert line.ear.text == b""
    line.acknowledge(6)
    assert line.ear.text == b"[4]ef"


def test_a_hole_is_a_gap_at_the_end():
    line = Line()
    line.send(3, b"d")
    assert line.ear.text == b""
    assert line.end() == b"[3]d"


def test_acknowledged_bytes_at_the_end_that_nobody_captured_are_a_gap():
    line = Line()
    line.send(0, b"ab")
    line.acknowledge(10)
    assert line.end() == b"ab[8]"


def test_a_lone_acknowledged_byte_at_the_end_may_be_a_fin_and_is_none():
    line = Line()
    line.send(0, b"ab")
    line.acknowledge(3)
    assert line.end() == b"ab"


def test_what_is_held_is_bounded_and_the_bound_is_said():
    line = Line()
    for number in range(1, 3 * HELD_BYTES // 1000):
        line.send(number * 1000, bytes(1000))
        assert line.room.held <= HELD_BYTES + 2000
    assert line.ear.heard[0] == 1000
    assert line.ear.said
    assert line.ear.said[0].startswith("tcp_held_bytes")


def test_many_small_pieces_are_bounded_too():
    line = Line()
    for number in range(1, 5000):
        line.send(number * 2, b"x")
    assert len(line.client.held) <= 1024


def test_a_far_away_segment_that_nobody_acknowledges_is_left_out():
    line = Line()
    line.send(0, b"ab")
    line.send(1 << 30, b"forged")
    assert line.end() == b"ab"
    assert "1073741822 bytes beyond" in line.ear.said[0]


def test_keep_alives_are_no_data():
    line = Line()
    line.send(0, b"abc")
    line.send(2, b"\0")
    line.send(2, b"")
    line.send(3, b"def")
    assert line.end() == b"abcdef"
    assert not line.ear.different


def test_a_cut_packet_is_a_gap_of_what_was_cut():
    line = Line()
    line.send(0, b"ab", missing=3)
    line.send(5, b"fg")
    assert line.end() == b"ab[3]fg"


def test_a_cut_packet_that_comes_again_is_not_told_again():
    line = Line()
    line.send(0, b"ab", missing=3)
    line.send(0, b"ab", missing=3)
    line.send(0, b"ab", missing=5)
    assert line.end() == b"ab[3][2]"


def test_a_conversation_without_a_beginning_begins_with_its_first_data():
    line = Line(opened=False)
    line.send(100, b"")
    line.send(200, b"middle")
    line.send(206, b" on")
    assert line.end() == b"middle on"


def test_a_fin_waits_for_what_is_missing_before_it():
    line = Line()
    line.send(2, b"cd", flags=ACK | FIN)
    assert not line.client.finished
    line.send(0, b"ab")
    assert line.client.finished
    assert line.end() == b"abcd"


def test_a_fin_alone_that_comes_early_waits():
    line = Line()
    line.send(4, b"", flags=ACK | FIN)
    line.send(0, b"abcd")
    assert line.client.finished


def test_data_after_the_end_is_left_out_and_said():
    line = Line()
    line.send(0, b"ab", flags=ACK | FIN)
    line.send(0, b"ab", flags=ACK | FIN)
    assert not line.ear.said
    line.send(2, b"more")
    assert line.end() == b"ab"
    assert line.ear.said


def test_data_in_a_syn_is_told_once_somebody_answers():
    line = Line(opened=False)
    line.client.segment(1000, 0, SYN, b"early", 0, 1, 1)
    assert line.ear.text == b""
    line.server.segment(0, 1006, SYN | ACK, b"", 0, 2, 2)
    assert line.ear.text == b"early"
    line.send(5, b" late")
    assert line.end() == b"early late"


def test_data_in_a_syn_that_was_not_accepted_comes_again_and_is_told_once():
    line = Line(opened=False)
    line.client.segment(1000, 0, SYN, b"early", 0, 1, 1)
    line.server.segment(0, 1001, SYN | ACK, b"", 0, 2, 2)
    line.send(0, b"early late")
    assert line.end() == b"early late"
    assert not line.ear.different


def test_a_repeated_syn_changes_nothing():
    line = Line()
    line.client.segment(1000, 0, SYN, b"", 0, 1, 1)
    line.send(0, b"ab")
    assert line.end() == b"ab"


@given(st.lists(st.tuples(st.integers(-300, 300), st.binary(max_size=40), st.integers(0, 31), st.integers(0, 9), st.booleans()), max_size=60))
def test_whatever_comes_nothing_breaks_and_nothing_stays(segments: list[tuple[int, bytes, int, int, bool]]):
    line = Line()
    for offset, payload, flags, missing, server in segments:
        if server:
            line.acknowledge(offset)
        else:
            line.send(offset, payload, flags, missing)
    line.end()
    line.server.end(9, 9)
    assert line.room.held == 0
    assert all(isinstance(said, bytes) or said > 0 for said in line.ear.heard)
