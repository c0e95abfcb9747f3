"""MLLP, written from the HL7 Transport Specification (Release 1 and 2): frames, acknowledgements, and what is said without or around them."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders import mllp
from asepsis.evidence.wire.decoders.mllp import MllpDecoder
from asepsis.evidence.wire.events import Event, Hl7Said
from asepsis.evidence.wire.packet import Closing, Side
from tests.unit.evidence.wire.decoders.listening import Piece, every_cut, every_truncation, hear, in_bytes

ORDER = b"MSH|^~\\&|IOP|W|PUMP|W|20261125||RGV^O15|C1|P|2.6\rPID|||1\r"
ACK = b"MSH|^~\\&|PUMP|W|IOP|W|20261125||ACK^O15|A1|P|2.6\rMSA|CA|C1\r"
CLIENT, SERVER = Side.CLIENT, Side.SERVER
DECODER = MllpDecoder()


def framed(message: bytes) -> bytes:
    return b"\x0b" + message + b"\x1c\r"


def messages(events: list[Event]) -> list[tuple[Side, bytes]]:
    return [(event.side, event.message) for event in events if isinstance(event, Hl7Said)]


def test_an_order_and_its_acknowledgement_are_told_with_their_side() -> None:
    heard = hear(DECODER, [(CLIENT, framed(ORDER)), (SERVER, framed(ACK))])
    assert messages(heard.events) == [(CLIENT, ORDER), (SERVER, ACK)]
    assert heard.complaints == []
    first = heard.events[0]
    assert isinstance(first, Hl7Said)
    assert (first.packet, first.time, first.framed, first.ack) == (7, 70, True, 0)


@pytest.mark.parametrize("ack", [0x06, 0x15])
def test_a_commit_acknowledgement_has_no_message(ack: int) -> None:
    heard = hear(DECODER, [(CLIENT, framed(ORDER)), (SERVER, framed(bytes([ack])))])
    last = heard.events[-1]
    assert isinstance(last, Hl7Said)
    assert (last.message, last.ack, heard.complaints) == (b"", ack, [])


def test_several_messages_may_be_in_one_packet_and_one_in_many() -> None:
    heard = hear(DECODER, [(CLIENT, framed(ORDER) * 3 + framed(ACK)[:9]), *((CLIENT, framed(ACK)[at : at + 1]) for at in range(9, len(framed(ACK))))])
    assert messages(heard.events) == [(CLIENT, ORDER)] * 3 + [(CLIENT, ACK)]
    assert heard.complaints == []


def test_a_message_over_hundreds_of_packets_is_whole() -> None:
    report = ORDER + b"".join(b"OBX|%d|NM|||1\r" % number for number in range(50_000))
    frame = framed(report)
    heard = hear(DECODER, [(CLIENT, frame[at : at + 1460]) for at in range(0, len(frame), 1460)])
    assert messages(heard.events) == [(CLIENT, report)]


def test_a_frame_without_its_end_ends_where_the_next_begins() -> None:
    heard = hear(DECODER, [(CLIENT, b"\x0b" + ORDER + framed(ACK))])
    assert messages(heard.events) == [(CLIENT, ORDER), (CLIENT, ACK)]
    assert heard.complaints == ["a frame of MLLP has no end: it is taken to end where the next begins"]


def test_a_frame_without_its_carriage_return_is_told_and_complained_of() -> None:
    for pieces in ([(CLIENT, b"\x0b" + ORDER + b"\x1c"), (CLIENT, framed(ACK))], [(CLIENT, b"\x0b" + ORDER + b"\x1c" + framed(ACK))]):
        heard = hear(DECODER, pieces)
        assert messages(heard.events) == [(CLIENT, ORDER), (CLIENT, ACK)]
        assert heard.complaints == ["a frame of MLLP ends without its carriage return"]


def test_the_last_frame_without_its_end_is_told_only_if_the_connection_was_ended_after_it() -> None:
    assert messages(hear(DECODER, [(CLIENT, b"\x0b" + ORDER)]).events) == [(CLIENT, ORDER)]
    for how in (Closing.RESET, Closing.SILENT, Closing.CAPTURE_ENDED):
        heard = hear(DECODER, [(CLIENT, b"\x0b" + ORDER)], how)
        assert heard.events == []
        assert heard.complaints == ["an HL7 message was not seen to its end"]


def test_messages_without_frames_end_with_the_next_an_answer_or_the_connection() -> None:
    heard = hear(DECODER, [(CLIENT, ORDER), (SERVER, ACK), (CLIENT, ORDER[:20]), (CLIENT, ORDER[20:] + ACK)])
    assert messages(heard.events) == [(CLIENT, ORDER), (SERVER, ACK), (CLIENT, ORDER), (CLIENT, ACK)]
    assert not any(event.framed for event in heard.events if isinstance(event, Hl7Said))
    assert heard.complaints == []


def test_a_message_without_a_frame_that_the_capture_cuts_is_no_message() -> None:
    heard = hear(DECODER, [(CLIENT, ORDER[:30])], Closing.CAPTURE_ENDED)
    assert (heard.events, heard.complaints) == ([], ["an HL7 message without a frame was not seen to its end"])


def test_the_messages_of_a_batch_are_told_each() -> None:
    batch = b"FHS|^~\\&|\rBHS|^~\\&|\r" + ORDER + ACK + b"BTS|2\rFTS|1\r"
    assert messages(hear(DECODER, [(CLIENT, framed(batch))]).events) == [(CLIENT, ORDER), (CLIENT, ACK)]
    assert messages(hear(DECODER, [(CLIENT, framed(ORDER + ACK))]).events) == [(CLIENT, ORDER), (CLIENT, ACK)]


def test_a_mark_of_utf_8_before_the_message_is_left_out() -> None:
    assert messages(hear(DECODER, [(CLIENT, framed(ORDER) + framed(b"\xef\xbb\xbf" + ACK))]).events) == [(CLIENT, ORDER), (CLIENT, ACK)]


def test_a_gap_in_a_message_drops_it_and_the_next_frame_is_read() -> None:
    heard = hear(DECODER, [(CLIENT, framed(ORDER)[:20]), 100, (CLIENT, b"rest\r\x1c\r" + framed(ACK))])
    assert messages(heard.events) == [(CLIENT, ACK)]
    assert heard.complaints == ["bytes are missing in an HL7 message: it is not read"]


def test_a_gap_between_messages_spoils_none() -> None:
    heard = hear(DECODER, [(CLIENT, framed(ORDER)), 100, (CLIENT, b"tail\x1c\r" + framed(ACK))])
    assert messages(heard.events) == [(CLIENT, ORDER), (CLIENT, ACK)]
    assert heard.complaints == []


def test_the_middle_of_a_connection_is_read_from_the_next_frame_on() -> None:
    middle = b"X|1|NM|||80\rOBX|2|NM|||81\r\x1c\r" + framed(ORDER)
    assert DECODER.recognises(middle[:512], b"") is Match.YES
    heard = hear(DECODER, [(CLIENT, middle)], opened_seen=False)
    assert messages(heard.events) == [(CLIENT, ORDER)]
    assert heard.complaints == ["the beginning of what is said was not captured: it is not read"]


def test_one_side_alone_is_enough() -> None:
    assert messages(hear(DECODER, [(SERVER, framed(ACK))], opened_seen=False).events) == [(SERVER, ACK)]


def test_what_is_between_frames_is_complained_of() -> None:
    heard = hear(DECODER, [(CLIENT, framed(ORDER) + b"junk" + framed(ACK))])
    assert messages(heard.events) == [(CLIENT, ORDER), (CLIENT, ACK)]
    assert heard.complaints == ["bytes that belong to no HL7 message"]
    assert hear(DECODER, [(CLIENT, framed(ORDER) + b"\r\n\0 " + framed(ACK))]).complaints == []


def test_a_frame_that_holds_something_else_is_complained_of() -> None:
    heard = hear(DECODER, [(CLIENT, framed(b"<?xml version='1.0'?>") + framed(b"") + framed(ORDER))])
    assert messages(heard.events) == [(CLIENT, ORDER)]
    assert heard.complaints == ["a frame of MLLP that holds no HL7 v2 message"] * 2


@pytest.mark.parametrize("begin", [b"\x0bMSH|^~\\&|", b"MSH|^~\\&|"])
def test_an_endless_message_is_dropped_and_the_next_frame_read(begin: bytes) -> None:
    start = time.process_time()
    endless = [(CLIENT, b"A" * 1460)] * (3 * mllp.MESSAGE_BYTES // 1460)
    heard = hear(DECODER, [(CLIENT, begin), *endless, (CLIENT, framed(ORDER))])
    assert messages(heard.events) == [(CLIENT, ORDER)]
    assert heard.complaints == [f"an HL7 message of more than {mllp.MESSAGE_BYTES} bytes: it is not read"]
    assert time.process_time() - start < 5


@pytest.mark.parametrize("storm", [b"\x0b", b"\x1c", b"\x0b\x1c\r", b"\r", b"M", b"MS", b"MSH", b"\rMSH", b"\x0bMSH|"])
def test_a_storm_of_marks_is_linear_and_bounded(storm: bytes) -> None:
    start = time.process_time()
    heard = hear(DECODER, [(CLIENT, storm * (65_536 // len(storm)))] * 4 + [(CLIENT, b"\x1c\r" + framed(ORDER))])
    assert messages(heard.events)[-1] == (CLIENT, ORDER)
    assert time.process_time() - start < 5


WARD: list[Piece] = [
    (CLIENT, framed(ORDER)),
    (SERVER, framed(b"\x06") + framed(ACK)),
    (CLIENT, b"\x0b" + ORDER + framed(ACK) + b"junk\x0b\x1c\r"),
    (SERVER, b"FHS|x\r" + ACK + b"FTS|1\r"),
    (CLIENT, b"\x0bFHS|^~\\&|\r" + ORDER + ACK + b"\x1c\r"),
]


def test_however_the_stream_is_cut_the_same_is_told() -> None:
    whole = hear(DECODER, WARD)
    assert hear(DECODER, in_bytes(WARD)) == whole
    for cut in every_cut(WARD):
        assert hear(DECODER, cut) == whole


def test_a_stream_that_ends_anywhere_tells_a_part_of_the_same() -> None:
    whole = messages(hear(DECODER, WARD).events)
    for part in every_truncation(WARD):
        for how in Closing:
            told = messages(hear(DECODER, part, how).events)
            assert all(any(side == other and message.startswith(said) for other, message in whole) for side, said in told)


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (framed(ORDER), b"", Match.YES),
        (b"", framed(b"\x06"), Match.YES),
        (b"", framed(ACK), Match.YES),
        (ORDER, b"", Match.YES),
        (b"MSH$%~", b"", Match.YES),
        (b"\r\n\x0bBHS|", b"", Match.YES),
        (b"x" * 100 + b"\x1c\r" + framed(ORDER), b"", Match.YES),
        (b"", b"", Match.MORE),
        (b"\x0b", b"", Match.MORE),
        (b"\x0bMS", b"", Match.MORE),
        (b"MSH", b"", Match.MORE),
        (b"2||80|mm[Hg]", b"", Match.MORE),
        (b"GET / HTTP/1.1\r\n\r\nMSH|^~\\&\rPID|1|\r", b"", Match.NO),
        (b"MSHELL", b"", Match.NO),
        (b"\x16\x03\x01\x02\x00", b"", Match.NO),
        (b"SSH-2.0-x\r\n", b"SSH-2.0-y\r\n", Match.NO),
        (b"\x0b<xml", b"", Match.NO),
    ],
)
def test_it_is_recognised_by_what_is_said_and_not_by_the_port(client: bytes, server: bytes, match: Match) -> None:
    assert DECODER.recognises(client, server) is match
