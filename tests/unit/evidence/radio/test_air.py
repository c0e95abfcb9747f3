"""What a sniffer hears: advertising, a connection, a pairing, and then nothing but that it is encrypted."""

from __future__ import annotations

import struct

import pytest

from asepsis.model.facts import AttributeAccess, RadioAdvertised, RadioConnection, RadioDevice, RadioPairing
from tests.unit.evidence.radio.made import PHONE, PUMP, Seen, ad, advertising, btsnoop, l2cap, raw, request, response

ACCESS = b"\x11\x22\x33\x44"
CENTRAL, PERIPHERAL = 2, 3


def on_air(access: bytes, head: int, payload: bytes) -> bytes:
    return access + bytes((head, len(payload))) + payload + b"crc"


def advertised(data: bytes) -> bytes:
    return on_air(b"\xd6\xbe\x89\x8e", 0x40, raw(PUMP) + data)


def connects() -> bytes:
    body = raw(PHONE) + raw(PUMP) + ACCESS + bytes(3) + b"\x02" + struct.pack("<HHHH", 0, 24, 0, 500) + bytes(5) + b"\x05"
    return on_air(b"\xd6\xbe\x89\x8e", 0x85, body)


class Said:
    """Data packets with sequence numbers that alternate."""

    def __init__(self) -> None:
        self.turn = 0

    def __call__(self, way: int, llid: int, payload: bytes) -> tuple[int, bytes]:
        self.turn ^= 8
        return way, on_air(ACCESS, llid | self.turn, payload)


def capture(packets: list[tuple[int, bytes]], link: int = 256) -> bytes:
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, link)
    for number, (way, packet) in enumerate(packets):
        body = packet
        if link == 256:
            body = struct.pack("<BbbBIH", 0, 0, 0, 0, 0, 0x0C00 | way << 7) + packet
        elif link == 272:
            body = b"\x01" + bytes(6) + b"\x0a" + bytes((0x01 | (2 if way == CENTRAL else 0),)) + bytes(8) + packet
        elif link == 192:
            body = struct.pack("<BBHIHH", 0, 0, 24, 147, 30006, 12) + bytes(12) + packet
        out += struct.pack("<IIII", 1_700_000_000 + number, 0, len(body), len(body)) + body
    return out


def conversation(*, start_seen: bool = True) -> list[tuple[int, bytes]]:
    say = Said()
    packets = [
        (0, advertised(ad(0x01, b"\x06") + ad(0x09, b"Pump") + ad(0x03, b"\x3a\x18") + ad(0xFF, b"\xf9\x01data"))),
        (0, connects()),
        say(CENTRAL, 2, l2cap(4, b"\x0a\x03\x00")),
        say(PERIPHERAL, 2, l2cap(4, b"\x0bvalue")),
        say(CENTRAL, 2, l2cap(6, request())),
        say(PERIPHERAL, 2, l2cap(6, response())),
        say(CENTRAL, 2, l2cap(6, b"\x03" + b"c" * 16)[:20]),
        say(CENTRAL, 1, l2cap(6, b"\x03" + b"c" * 16)[20:]),
        say(CENTRAL, 2, l2cap(6, b"\x04" + b"r" * 16)),
        say(PERIPHERAL, 2, l2cap(6, b"\x04" + b"R" * 16)),
        say(CENTRAL, 3, b"\x03" + bytes(22)),
        say(PERIPHERAL, 3, b"\x04" + b"s" * 12),
        say(PERIPHERAL, 3, b"\x05"),
        say(CENTRAL, 3, b"\x9cMIC4"),
        say(CENTRAL, 2, b"scrambledMIC4"),
    ]
    return packets if start_seen else packets[:12] + packets[13:]


@pytest.mark.parametrize("link", [256, 251, 272, 192])
@pytest.mark.parametrize("start_seen", [True, False])
def test_a_connection_is_understood_until_it_is_encrypted(link: int, start_seen: bool):
    seen = Seen(capture(conversation(start_seen=start_seen), link))
    told = seen.one(RadioAdvertised)
    assert (told.address, told.name, told.services, told.maker) == (PUMP, "Pump", ("183A Insulin Delivery",), "Medtronic")
    assert (told.connectable, told.discoverable, told.data) == (True, True, 4)
    access = seen.one(AttributeAccess)
    assert (access.operation, access.outcome, access.encrypted, access.device, access.peer) == ("read", "accepted", False, PUMP, PHONE)
    pairing = seen.one(RadioPairing)
    assert (pairing.generation, pairing.method, pairing.outcome, pairing.crackable) == ("le legacy", "just works", "completed", True)
    connection = seen.one(RadioConnection)
    assert (connection.encrypted, connection.by_stored_key, connection.interval_ms) == (True, 0, 30.0)
    assert [one.reason for one in seen.traffic.left_out] == ["encrypted on the air"]
    assert seen.traffic.left_out[0].packets == 2
    assert not seen.problems
    assert "value" not in repr(list(seen))


def test_what_was_sent_again_counts_once():
    packets = conversation()
    seen = Seen(capture([*packets[:4], packets[3], packets[3]]))
    assert seen.one(AttributeAccess).times == 1
    assert seen.one(RadioConnection).said == 2


def test_packets_heard_with_errors_are_left_out():
    data = bytearray(capture(conversation()[:2]))
    data[24 + 16 + 9] &= 0xF7  # the checksum of the first packet is not valid
    seen = Seen(bytes(data))
    assert not seen.of(RadioAdvertised)
    assert [(one.reason, one.packets) for one in seen.traffic.left_out] == [("heard with errors", 1)]


def test_a_missing_key_is_a_refusal_and_the_link_stays_in_clear():
    say, packets = Said(), conversation()[:2]
    packets += [say(CENTRAL, 3, b"\x03" + b"n" * 22), say(PERIPHERAL, 3, b"\x04" + bytes(12)), say(PERIPHERAL, 3, b"\x0d\x06")]
    packets += [say(CENTRAL, 2, l2cap(4, b"\x0a\x03\x00")), say(PERIPHERAL, 2, l2cap(4, b"\x0bvalue"))]
    seen = Seen(capture(packets))
    connection = seen.one(RadioConnection)
    assert (connection.refused, connection.reason, connection.encrypted) == (1, "PIN or key missing", False)
    assert seen.one(AttributeAccess).encrypted is False


def test_every_cut_of_a_sniffed_packet_is_harmless():
    packets = conversation()
    for number, (way, packet) in enumerate(packets):
        pieces = [(way, packet[:end]) for end in range(len(packet))]
        Seen(capture([*packets[:number], *pieces, *packets[number + 1 :]], 251))


def test_advertising_that_changes_and_addresses_that_last_are_told():
    pieces = [advertising(ad(0xFF, b"\x59\x00" + bytes((value,)) * 6)) for value in range(3)]
    seen = Seen(btsnoop(*pieces, advertising(ad(0x09, b"Meter"), kind=4)))
    told = seen.one(RadioAdvertised)
    assert (told.times, told.seconds, told.changing, told.data, told.name) == (4, 3, True, 6, "Meter")
    assert (told.maker, told.address_kind, told.connectable) == ("Nordic Semiconductor", "static random", True)
    assert seen.one(RadioDevice, address=PUMP).name == "Meter"


def test_structures_that_lie_about_their_length_end_the_packet():
    seen = Seen(btsnoop(advertising(ad(0x09, b"Meter") + b"\x30\xff\x59")))
    assert seen.one(RadioAdvertised).name == "Meter"
