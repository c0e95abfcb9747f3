"""POCT1-A, written from the message examples' structure in CLSI POCT1-A2: names of messages, directives, acknowledgements, the device itself."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders import poct1a
from asepsis.evidence.wire.decoders.poct1a import Poct1aDecoder
from asepsis.evidence.wire.events import Asked, Event, Named
from asepsis.evidence.wire.packet import Side
from tests.unit.evidence.wire.decoders import hearing
from tests.unit.evidence.wire.decoders.listening import Piece, every_cut, hear

DEVICE, MANAGER = Side.CLIENT, Side.SERVER
DECODER = Poct1aDecoder()


def message(name: str, control_id: int, body: str = "") -> bytes:
    return f'<{name}><HDR><HDR.control_id V="{control_id}"/><HDR.version_id V="POCT1"/></HDR>{body}</{name}>'.encode()


HELLO = b'<?xml version="1.0" encoding="UTF-8"?>\r\n' + message(
    "HEL.R01",
    1,
    '<DEV><DEV.device_id V="00-11-22"/><DEV.vendor_id V="ACME"/><DEV.model_id V="Gluco 3"/><DEV.serial_id V="S77"/>'
    '<DEV.manufacturer_name V="ACME Inc"/><DEV.sw_version V="4.2"/><DEV.device_name V="Ward 5"/></DEV>',
)
ACCEPT = message("ACK.R01", 90, '<ACK><ACK.type_cd V="AA"/><ACK.ack_control_id V="1"/></ACK>')
RESULT = message("OBS.R01", 2, '<PT><PT.patient_id V="4711"/><PT.name V="Doe"/><OBS><OBS.value V="5.4" U="mmol/L"/></OBS></PT>')
LOCK = message("DTV.R01", 91, '<DTV><DTV.command_cd V="LOCK"/></DTV>')
REFUSE = message("ACK.R01", 3, '<ACK><ACK.type_cd V="AE"/><ACK.ack_control_id V="91"/></ACK>')
OPERATORS = message("OPL.R01", 92, '<OPR><OPR.operator_id V="nurse1"/><OPR.name V="Smith"/></OPR>')
WARD: list[Piece] = [(DEVICE, HELLO), (MANAGER, ACCEPT), (DEVICE, RESULT), (MANAGER, LOCK), (DEVICE, REFUSE), (MANAGER, OPERATORS + b"<END.R01/>")]


def asked(events: list[Event]) -> list[tuple[Side, str, str, bool, bool | None]]:
    return [(event.side, event.verb, event.subject, event.changes, event.accepted) for event in events if isinstance(event, Asked)]


def test_messages_are_told_by_name_and_directives_by_what_they_command() -> None:
    events = hearing.hold_to_promises(DECODER, WARD)
    assert asked(events) == [
        (DEVICE, "HEL.R01", "", False, None),
        (MANAGER, "ACK.R01", "HEL.R01", False, True),
        (DEVICE, "OBS.R01", "", False, None),
        (MANAGER, "DTV.R01", "LOCK", True, None),
        (DEVICE, "ACK.R01", "DTV.R01", False, False),
        (MANAGER, "OPL.R01", "", True, None),
        (MANAGER, "END.R01", "", False, None),
    ]


def test_the_device_says_what_it_is_and_no_patient_or_operator_is_kept() -> None:
    events = hear(DECODER, WARD).events
    named = [event for event in events if isinstance(event, Named)]
    assert [(event.address, event.name, event.how) for event in named] == [("10.0.0.1", "Ward 5", "poct1a")]
    assert named[0].attributes == {"maker": "ACME Inc", "vendor": "ACME", "model": "Gluco 3", "serial": "S77", "version": "4.2", "id": "00-11-22"}
    assert not any(word in repr(event) for event in events for word in ("4711", "Doe", "5.4", "nurse1", "Smith"))


def test_however_it_is_cut_the_same_is_told() -> None:
    dialogue = [*WARD, (DEVICE, b"x" * (poct1a.STRANGE_BYTES + 10) + RESULT)]
    whole = hear(DECODER, dialogue)
    assert whole.complaints == ["bytes that belong to no message of POCT1-A"]
    assert len(asked(whole.events)) == 8
    for cut in every_cut(WARD):
        assert hear(DECODER, cut).events == whole.events[:-1]
    assert hear(DECODER, [(side, data[at : at + 1]) for side, data in dialogue for at in range(len(data))]) == whole


def test_a_gap_costs_the_message_and_not_the_next() -> None:
    heard = hear(DECODER, [(DEVICE, HELLO), (DEVICE, RESULT[:60]), 500, (DEVICE, RESULT[70:] + REFUSE)])
    assert [verb for _, verb, *_ in asked(heard.events)] == ["HEL.R01", "ACK.R01"]
    assert heard.complaints == ["bytes are missing in a message of POCT1-A: it is not read"]


def test_the_middle_of_a_connection_is_read_from_the_next_message_on() -> None:
    assert DECODER.recognises(RESULT[60:], b"") is Match.YES
    assert [verb for _, verb, *_ in asked(hear(DECODER, [(DEVICE, RESULT[60:] + REFUSE)], opened_seen=False).events)] == ["ACK.R01"]


def test_a_message_without_an_end_is_complained_of() -> None:
    assert hear(DECODER, [(DEVICE, RESULT[:60])]).complaints == ["a message of POCT1-A was not seen to its end"]


@pytest.mark.parametrize("storm", [b"<OBS.R01>", b"<", b"<AAA.R01 ", b"x", b"<DEV.a V=" * 3])
def test_an_endless_message_or_storm_is_linear_and_bounded(storm: bytes) -> None:
    start = time.process_time()
    pieces = [(DEVICE, b"<OBS.R01>"), *[(DEVICE, storm * (65_536 // len(storm)))] * 100, (DEVICE, b">" + REFUSE)]
    heard = hear(DECODER, pieces)
    assert f"a message of POCT1-A of more than {poct1a.MESSAGE_BYTES} bytes: it is not read" in heard.complaints
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (HELLO, b"", Match.YES),
        (b"", ACCEPT, Match.YES),
        (b"<!-- x -->\n<HEL.R01>", b"", Match.YES),
        (b"", b"", Match.MORE),
        (b"<?xml version=", b"", Match.MORE),
        (b"<HEL.R", b"", Match.MORE),
        (b"<HELLO>", b"", Match.NO),
        (b"<?xml" + b" " * 600, b"", Match.NO),
        (b"POST /x HTTP/1.1\r\n\r\n<HEL.R01>", b"", Match.NO),
        (b"SSH-2.0", b"", Match.NO),
    ],
)
def test_it_is_recognised_by_what_is_said(client: bytes, server: bytes, match: Match) -> None:
    assert DECODER.recognises(client, server) is match
