r"""CLSI LIS01/LIS02 (ASTM E1381/E1394), written from the standards: frames with their check sums, records, answers."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders import astm
from asepsis.evidence.wire.decoders.astm import AstmDecoder
from asepsis.evidence.wire.events import Asked, Banner, Event
from asepsis.evidence.wire.packet import Side
from tests.unit.evidence.wire.decoders import hearing
from tests.unit.evidence.wire.decoders.listening import Heard, Piece, every_cut, hear

CLIENT, SERVER = Side.CLIENT, Side.SERVER
DECODER = AstmDecoder()
ENQ, ACK, NAK, EOT = b"\x05", b"\x06", b"\x15", b"\x04"
HEADER = b"H|\\^&|||cobas X^2.1|||||host||P|1|20261125"
RESULTS = [HEADER, b"P|1||4711||Doe^John", b"O|1|S1||^^^GLU", b"R|1|^^^GLU|5.4|mmol/L", b"R|2|^^^K|4.1|mmol/L", b"L|1|N"]
ORDERS = [HEADER, b"P|1||4711", b"O|1|S1||^^^GLU|R", b"O|2|S1||^^^K|R", b"L|1|N"]


def frame(number: int, text: bytes, end: bytes = b"\x03") -> bytes:
    summed = b"%d" % (number % 8) + text + end
    return b"\x02" + summed + b"%02X" % (sum(summed) % 256) + b"\r\n"


def said(records: list[bytes], answer: bytes = ACK) -> list[Piece]:
    pieces: list[Piece] = [(CLIENT, ENQ), (SERVER, ACK)]
    for number, record in enumerate(records, 1):
        pieces += [(CLIENT, frame(number, record + b"\r")), (SERVER, answer)]
    return [*pieces, (CLIENT, EOT)]


def asked(events: list[Event]) -> list[tuple[str, str, bool, bool | None]]:
    return [(event.verb, event.subject, event.changes, event.accepted) for event in events if isinstance(event, Asked)]


def test_the_check_sum_is_that_of_the_standard() -> None:
    assert frame(1, b"A") == b"\x021A\x0375\r\n"  # 0x31 + 0x41 + 0x03


def test_results_are_counted_and_nothing_of_them_is_kept() -> None:
    events = hearing.hold_to_promises(DECODER, said(RESULTS))
    assert asked(events) == [("results", "H=1 P=1 O=1 R=2 L=1", False, True)]
    assert not any(word in repr(event) for event in events for word in ("Doe", "4711", "5.4"))


def test_orders_change_what_the_analyser_does() -> None:
    assert asked(hear(DECODER, said(ORDERS)).events) == [("orders", "H=1 P=1 O=2 L=1", True, True)]
    assert asked(hear(DECODER, said(ORDERS, NAK)).events) == [("orders", "H=1 P=1 O=2 L=1", True, False)]
    assert asked(hear(DECODER, said([HEADER, b"Q|1|^S1||ALL", b"L|1"])).events) == [("query", "H=1 Q=1 L=1", False, True)]


def test_the_header_says_what_the_analyser_is() -> None:
    banners = [event for event in hear(DECODER, said(RESULTS)).events if isinstance(event, Banner)]
    assert [(banner.product, banner.version, banner.what) for banner in banners] == [("cobas X", "2.1", "analyser")]


def test_a_record_may_be_parted_over_frames_and_a_frame_hold_several() -> None:
    text = b"\r".join(RESULTS) + b"\r"
    heard = hear(DECODER, [(CLIENT, ENQ + frame(1, text[:50], b"\x17") + frame(2, text[50:120], b"\x17") + frame(3, text[120:]) + EOT)])
    assert asked(heard.events) == [("results", "H=1 P=1 O=1 R=2 L=1", False, None)]
    assert heard.complaints == []


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_records_without_frames_are_read_too(end: bytes) -> None:
    heard = hear(DECODER, [(CLIENT, end.join(RESULTS) + end + end.join(ORDERS) + end)])
    assert [verb for verb, *_ in asked(heard.events)] == ["results", "orders"]
    assert heard.complaints == []


def test_a_wrong_check_sum_is_complained_of() -> None:
    heard = hear(DECODER, [(CLIENT, ENQ + frame(1, HEADER).replace(b"cobas", b"c0bas") + EOT)])
    assert heard.complaints == ["a frame of an analyser whose check sum is wrong"]


def test_a_gap_costs_the_frame_and_not_the_rest() -> None:
    heard = hear(DECODER, [(CLIENT, ENQ + frame(1, HEADER + b"\r") + frame(2, RESULTS[1])[:9]), 40, (CLIENT, b"tail" + frame(3, RESULTS[3]) + EOT)])
    assert asked(heard.events) == [("results", "H=1 R=1", False, None)]
    assert heard.complaints == ["bytes are missing in a message of an analyser: its records are counted without them"]


def test_orders_with_a_hole_may_be_results_and_are_called_neither() -> None:
    heard = hear(DECODER, [*said(ORDERS)[:8], 100, (CLIENT, frame(5, b"L|1|N\r") + EOT)])
    assert asked(heard.events) == [("message", "H=1 P=1 O=1 L=1", False, None)]


def test_an_endless_frame_is_dropped() -> None:
    start = time.process_time()
    heard = hear(DECODER, [(CLIENT, ENQ + b"\x021"), *[(CLIENT, b"R|1|" * 300)] * 1000, (CLIENT, b"\x03" + EOT), *said(ORDERS)])
    assert f"a frame of an analyser of more than {astm.FRAME_BYTES} bytes: it is not read" in heard.complaints
    assert asked(heard.events) == [("orders", "H=1 P=1 O=2 L=1", True, True)]
    assert time.process_time() - start < 5


def test_a_message_that_the_capture_cuts_is_told_as_far_as_it_went() -> None:
    heard = hear(DECODER, [*said(RESULTS)[:8], (CLIENT, b"\x024R|")])
    assert asked(heard.events) == [("message", "H=1 P=1 O=1", False, True)]
    assert heard.complaints == ["a message of an analyser was not seen to its end"]


def test_however_it_is_cut_the_same_is_told() -> None:
    dialogue = [*said(RESULTS), (CLIENT, b"junk" + ACK + b"x"), *said(ORDERS), (SERVER, b"\r\n".join(ORDERS) + b"\r\n")]
    whole: Heard = hear(DECODER, dialogue)
    assert len(asked(whole.events)) == 3
    for cut in every_cut(dialogue):
        assert hear(DECODER, cut) == whole


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (ENQ, b"", Match.MORE),
        (ENQ, ACK, Match.YES),
        (ACK, ENQ, Match.YES),
        (ENQ + frame(1, HEADER), ACK, Match.YES),
        (b"", frame(3, b"R|1|^^^GLU|5"), Match.YES),
        (frame(3, b"the rest of a record"), b"", Match.YES),
        (HEADER, b"", Match.YES),
        (b"", b"", Match.MORE),
        (b"H|", b"", Match.MORE),
        (b"\x05\x01\x00", b"\x05\x00", Match.NO),
        (b"HEAD / HTTP/1.1\r\n", b"", Match.NO),
        (b"\x0bMSH|", b"", Match.NO),
        (b"\x02binary", b"", Match.NO),
    ],
)
def test_it_is_recognised_by_what_is_said(client: bytes, server: bytes, match: Match) -> None:
    assert DECODER.recognises(client, server) is match
