"""IEEE 11073-20601 APDUs, built from annex A and the layouts of MDER: association, configuration, actions; what was measured is skipped."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.personal_health import PersonalHealthDecoder
from asepsis.evidence.wire.events import Asked, Event, Named
from asepsis.evidence.wire.packet import Side
from tests.unit.evidence.wire.decoders import hearing
from tests.unit.evidence.wire.decoders.listening import Piece, every_cut, hear

AGENT, MANAGER = Side.CLIENT, Side.SERVER
DECODER = PersonalHealthDecoder()


def apdu(choice: int, body: bytes) -> bytes:
    return choice.to_bytes(2, "big") + len(body).to_bytes(2, "big") + body


def association(configuration: int) -> bytes:
    """Version, one protocol, 20601, and its association information with an EUI-64."""
    information = bytes.fromhex("80000000 a000 80000000 00000000 00800000 0008 1122334455667788") + configuration.to_bytes(2, "big") + bytes(6)
    return (
        bytes.fromhex("80000000 0001") + (4 + len(information)).to_bytes(2, "big") + b"\x50\x79" + len(information).to_bytes(2, "big") + information
    )


def presented(service: int, content: bytes) -> bytes:
    inner = b"\x12\x34" + service.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content
    return apdu(0xE700, len(inner).to_bytes(2, "big") + inner)


AARQ = apdu(0xE200, association(401))
AARE = apdu(0xE300, b"\0\x03" + association(0)[8:])
CONFIGURATION = presented(0x0101, bytes.fromhex("0000 ffffffff 0d1c") + b"\0\x0a" + bytes(40))
MEASURED = presented(0x0101, bytes.fromhex("0000 00000000 0d1d") + b"\0\xff" + b"\x07" * 3000)
SET_TIME = presented(0x0107, bytes.fromhex("0000 0c17 000c 2026112514000000"))
RELEASE = apdu(0xE400, b"\0\0")
WARD: list[Piece] = [(AGENT, AARQ), (MANAGER, AARE), (AGENT, CONFIGURATION + MEASURED), (MANAGER, SET_TIME), (AGENT, MEASURED + RELEASE)]


def asked(events: list[Event]) -> list[tuple[str, str, bool, bool | None]]:
    return [(event.verb, event.subject, event.changes, event.accepted) for event in events if isinstance(event, Asked)]


TOLD = [
    ("AARQ", "pulse oximeter", False, None),
    ("AARE", "accepted-unknown-config", False, True),
    ("event-report", "MDC_NOTI_CONFIG", False, None),
    ("confirmed-action", "MDC_ACT_SET_TIME", True, None),
    ("RLRQ", "", False, None),
]


def test_association_configuration_and_actions_are_told_and_no_value() -> None:
    assert asked(hearing.hold_to_promises(DECODER, WARD)) == TOLD


def test_the_agent_says_its_id_and_configuration() -> None:
    named = [event for event in hear(DECODER, WARD).events if isinstance(event, Named)]
    assert [event.attributes for event in named] == [{"system id": "1122334455667788", "configuration": "401", "type": "pulse oximeter"}]
    assert asked(hear(DECODER, [(AGENT, apdu(0xE200, association(0x4000)))]).events) == [("AARQ", "extended configuration", False, None)]


def test_a_refusal_is_told() -> None:
    assert asked(hear(DECODER, [(AGENT, AARQ), (MANAGER, apdu(0xE300, b"\0\x07"))]).events)[1] == ("AARE", "rejected-unauthorized", False, False)


def test_however_it_is_cut_the_same_is_told() -> None:
    whole = hear(DECODER, WARD)
    assert whole.complaints == []
    for cut in every_cut(WARD):
        assert hear(DECODER, cut) == whole


def test_what_is_missing_among_measurements_does_no_harm() -> None:
    pieces = [(AGENT, AARQ + CONFIGURATION + MEASURED[:500]), 1000, (AGENT, MEASURED[1500:] + RELEASE)]
    heard = hear(DECODER, pieces)
    assert [verb for verb, *_ in asked(heard.events)] == ["AARQ", "event-report", "RLRQ"]
    assert heard.complaints == []


def test_what_is_missing_elsewhere_ends_it_with_a_complaint() -> None:
    heard = hear(DECODER, [(AGENT, AARQ + CONFIGURATION[:10]), 10, (AGENT, CONFIGURATION[20:] + RELEASE)])
    assert [verb for verb, *_ in asked(heard.events)] == ["AARQ"]
    assert heard.complaints == ["bytes are missing in an APDU of IEEE 11073-20601: the rest is not read"]


def test_a_choice_that_does_not_exist_ends_it_with_a_complaint() -> None:
    assert hear(DECODER, [(AGENT, AARQ + b"\xe8\0\0\0" + RELEASE)]).complaints == [
        "a choice that IEEE 11073-20601 does not have: the rest is not read"
    ]


@pytest.mark.parametrize(
    ("client", "server", "match"),
    [
        (AARQ, b"", Match.YES),
        (b"", AARQ, Match.YES),
        (b"", b"", Match.MORE),
        (b"\xe2", b"", Match.MORE),
        (AARQ[:13], b"", Match.MORE),
        (b"\xe2\0\0\x32\x80\0\0\0\0\x01\0\x2a\xff\xff", b"", Match.NO),
        (b"\xe2\0\0\x32\x40", b"", Match.NO),
        (b"\xe3\0", b"", Match.NO),
        (b"GET /", b"", Match.NO),
    ],
)
def test_it_is_recognised_by_an_association_request(client: bytes, server: bytes, match: Match) -> None:
    assert DECODER.recognises(client, server) is match
