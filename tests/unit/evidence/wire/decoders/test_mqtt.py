"""MQTT: packets of OASIS MQTT 3.1.1 and 5.0, field by field."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders import mqtt
from asepsis.evidence.wire.decoders.mqtt import MqttDecoder
from asepsis.evidence.wire.events import Asked, Banner, LogIn
from tests.unit.evidence.wire.decoders.hearing import CLIENT, SERVER, hear, hold_to_promises

MQTT = MqttDecoder()


def text(value: bytes) -> bytes:
    return len(value).to_bytes(2) + value


def packet(first: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, low = left >> 7, left & 0x7F
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes([first]) + bytes(length) + body


def connect(level: int, flags: int, payload: bytes, properties: bytes = b"") -> bytes:
    return packet(0x10, text(b"MQTT") + bytes([level, flags]) + b"\0\x3c" + properties + payload)


DIALOGUE = [
    (CLIENT, connect(4, 0xC2, text(b"monitor-1") + text(b"gateway") + text(b"Zq7-drip"))),
    (SERVER, packet(0x20, b"\0\0")),
    (CLIENT, packet(0x82, b"\0\1" + text(b"commands/monitor-1/#") + b"\1")),
    (CLIENT, packet(0x30, text(b"telemetry/john-doe/ecg") + bytes(9000))),
    (CLIENT, packet(0x30, text(b"telemetry/john-doe/ecg") + bytes(10))),
    (SERVER, packet(0x30, text(b"commands/monitor-1/pace") + b"70")),
]


def test_a_home_monitor_with_user_and_password():
    banner, log_in, subscribed, published, commanded = hold_to_promises(MQTT, DIALOGUE, port=1883)
    assert isinstance(banner, Banner)
    assert (banner.product, banner.version) == ("MQTT", "3.1.1")
    assert isinstance(log_in, LogIn)
    assert (log_in.user, log_in.secret, log_in.accepted) == ("gateway", b"Zq7-drip", True)
    assert [(one.verb, one.subject, one.changes) for one in (subscribed, published, commanded) if isinstance(one, Asked)] == [
        ("SUBSCRIBE", "commands", False),
        ("PUBLISH", "telemetry", True),
        ("PUBLISH", "commands", False),
    ]


WILL = b"\3\x02\0\0" + text(b"last/word") + text(b"gone")
VERSION_5 = [
    (CLIENT, connect(5, 0xC6, text(b"") + WILL + text(b"u") + text(b"p"), b"\5\x11\0\0\0\x0a")),
    (SERVER, packet(0x20, b"\0\x87\0")),
]


def test_version_5_with_properties_and_a_will():
    (banner, log_in) = hear(MQTT, VERSION_5)[0]
    assert banner.version == "5.0"
    assert (log_in.user, log_in.secret, log_in.accepted) == ("u", b"p", False)


def test_nobody_needs_a_name():
    (_, log_in) = hear(MQTT, [(CLIENT, connect(4, 2, text(b"x"))), (SERVER, packet(0x20, b"\0\0"))])[0]
    assert (log_in.user, log_in.secret, log_in.accepted) == ("", None, True)


def test_a_length_without_end_is_told():
    said = [(CLIENT, connect(4, 2, text(b"x")) + b"\x30\xff\xff\xff\xff\x01"), (CLIENT, bytes(50))]
    assert hear(MQTT, said)[1] == ["MQTT: a length of more than four bytes"]


def test_topics_beyond_the_bound_are_complained_of():
    events, complaints = hear(MQTT, [(CLIENT, packet(0x30, text(b"%d/x" % number))) for number in range(mqtt.MOST_TOPICS + 9)])
    assert len(events) == mqtt.MOST_TOPICS
    assert set(complaints) == {f"MQTT: more than {mqtt.MOST_TOPICS} topics: the rest is not told"}


@pytest.mark.parametrize(
    ("client", "match"),
    [
        (connect(4, 2, text(b"x")), Match.YES),
        (packet(0x10, text(b"MQIsdp") + b"\3\2\0\x3c" + text(b"x")), Match.YES),
        (b"\x10", Match.MORE),
        (b"\x10\x0c\0\4MQ", Match.MORE),
        (b"\x10\x0c\0\4HTTPxxxxxx", Match.NO),
        (b"GET /", Match.NO),
        (b"", Match.MORE),
    ],
)
def test_what_is_recognised(client: bytes, match: Match):
    assert MQTT.recognises(client, b"") is match
