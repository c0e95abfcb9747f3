"""The short way for ordinary packets: it takes nearly all of them, and tells of them what the long way tells."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

import pytest

from asepsis.evidence.wire.quick import AT_MOST
from tests.unit.evidence.wire import frames
from tests.unit.evidence.wire.both_ways import looked_at, told_alike

SYN, ACK, FIN, RST, PSH = 2, 16, 1, 4, 8
HELLO = b"\x0bMSH|^~\\&|PUMP|W|GW|W|20260101||ORU^R01|M1|P|2.6\rPID|||1\rOBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.1|5|mL/h\r\x1c\r"
ANSWER = b"\x0bMSH|^~\\&|GW|W|PUMP|W|20260101||ACK|A1|P|2.6\rMSA|AA|M1\r\x1c\r"


def segment(side: int, seq: int, ack: int, flags: int, payload: bytes = b"", options: bytes = b"") -> bytes:
    ports = (40_000, 2575) if side == 0 else (2575, 40_000)
    head = struct.pack(">HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 + len(options) // 4 << 4, flags, 8192, 0, 0)
    return head + options + payload


def packet(side: int, tcp: bytes, *, vlan: bool = False, **head: int) -> bytes:
    ends = (frames.A4, frames.B4) if side == 0 else (frames.B4, frames.A4)
    said = {"first": 0x45, "total": 20 + len(tcp), "fragment": 0x4000, "protocol": 6} | head
    ip = struct.pack(">BBHHHBBH4s4s", said["first"], 0, said["total"], 1, said["fragment"], 64, said["protocol"], 0, *ends) + tcp
    return frames.ethernet(struct.pack(">HH", 5, 0x0800) + ip, 0x8100) if vlan else frames.ethernet(ip)


def dialogue(times: int = 3, *, begin: int = 0xFFFFFF00, vlan: bool = False) -> Iterator[bytes]:
    """Handshake, reports with their answers, farewell; the sequence numbers wrap on the way."""
    seqs = [begin, 77]

    def say(side: int, flags: int, payload: bytes = b"", options: bytes = b"") -> bytes:
        made = packet(side, segment(side, seqs[side], seqs[1 - side] if flags & ACK else 0, flags, payload, options), vlan=vlan)
        seqs[side] += len(payload) + bool(flags & (SYN | FIN))
        return made

    yield from (say(0, SYN, options=b"\x02\x04\x05\xb4"), say(1, SYN | ACK), say(0, ACK))
    for _ in range(times):
        yield say(0, PSH | ACK, HELLO[:70])
        yield say(0, PSH | ACK, HELLO[70:], options=bytes(12))
        yield say(1, PSH | ACK, ANSWER)
        yield say(0, ACK)
    yield from (say(0, FIN | ACK), say(1, FIN | ACK), say(0, ACK))


def one_second(packets: list[bytes]) -> bytes:
    """A capture in which no second passes: only then all that is ordinary goes the short way."""
    made = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1)]
    made += [struct.pack("<IIII", 1_700_000_000, number, len(data), len(data)) + data for number, data in enumerate(packets)]
    return b"".join(made)


def test_all_but_the_beginning_and_the_end_of_a_conversation_goes_the_short_way():
    packets = list(dialogue(50))
    assert told_alike(one_second(packets)) == 50 * 4 + 1  # the last part of each handshake is ordinary too


def test_a_tag_of_a_vlan_is_no_hindrance():
    packets = list(dialogue(50, vlan=True))
    assert told_alike(one_second(packets)) == 50 * 4 + 1


def test_pcapng_too():
    packets = list(dialogue(50))
    data = frames.section() + frames.interface(1) + b"".join(frames.enhanced(one, number) for number, one in enumerate(packets))
    assert told_alike(data) == 50 * 4 + 1


def test_whoever_reads_hears_from_it_now_and_then():
    packets = [*dialogue(1)][:3]
    packets += [packet(0, segment(0, 0xFFFFFF01, 78, ACK))] * 5 * AT_MOST
    (*_, count), long_way = looked_at(one_second(packets), short=True)
    assert count == len(packets)
    assert 5 <= long_way <= 5 + 3


def test_every_second_is_seen_to_pass():
    packets = list(dialogue(4))
    told_alike(frames.pcap(*packets))  # a second lies between any two packets


LAST = segment(0, 0xFFFFFF01, 78, PSH | ACK, HELLO)
ODD = {
    "another conversation": packet(0, b"\x12" + LAST[1:]),
    "a header with options": packet(0, LAST[:4] + LAST, first=0x46),
    "another version": packet(0, LAST, first=0x55),
    "a fragment": packet(0, LAST, fragment=0x2000),
    "a later fragment": packet(0, LAST, fragment=2),
    "UDP": packet(0, LAST, protocol=17),
    "a total length of nothing": packet(0, LAST, total=0),
    "a total length shorter than the headers": packet(0, LAST, total=30),
    "a total length longer than the packet": packet(0, LAST, total=2000),
    "a data offset shorter than the header": packet(0, LAST[:12] + b"\x40" + LAST[13:]),
    "a data offset longer than the segment": packet(0, segment(0, 0xFFFFFF01, 78, ACK)[:12] + b"\xf0" + LAST[13:20]),
    "padding": packet(0, segment(0, 0xFFFFFF01, 78, ACK)) + bytes(6),
    "cut within TCP": packet(0, LAST)[:50],
    "cut within what is said": packet(0, LAST)[:80],
    "cut within the tag": packet(0, LAST, vlan=True)[:16],
    "a tag, cut within TCP": packet(0, LAST, vlan=True)[:56],
    "a tag in a tag": packet(0, LAST, vlan=True)[:12] + b"\x81\0\0\5" + packet(0, LAST, vlan=True)[12:],
    "IPv6": frames.ethernet(frames.ipv6(LAST), 0x86DD),
    "ARP": frames.ethernet(bytes(60), 0x0806),
    "a reset": packet(0, segment(0, 0xFFFFFF01, 78, RST)),
    "a reset that is none of this conversation": packet(0, segment(0, 0x60000000, 78, RST)),
    "a handshake anew": packet(0, segment(0, 5, 0, SYN)),
    "nothing": b"",
}


@pytest.mark.parametrize("name", ODD)
def test_whatever_is_not_ordinary_comes_to_the_same(name):
    before, after = list(dialogue(1)), list(dialogue(2))
    for at in (1, 3, 5, len(before)):
        told_alike(one_second([*before[:at], ODD[name], *before[at:], ODD[name], *after]))


@pytest.mark.parametrize("seed", range(12))
def test_loss_repetition_disorder_and_damage_come_to_the_same(seed):
    dice = random.Random(seed)
    packets = [one for _ in range(6) for one in dialogue(dice.randrange(1, 6), begin=dice.randrange(1 << 32))]
    made: list[bytes] = []
    for one in packets:
        if dice.random() < 0.1:
            continue
        made += [one] * (1 + (dice.random() < 0.1))
        if dice.random() < 0.1:
            made[-2:] = made[:-3:-1]
        if dice.random() < 0.1:
            spoiled = bytearray(one)
            spoiled[dice.randrange(len(spoiled))] ^= 1 << dice.randrange(8)
            made.append(bytes(spoiled))
    told_alike(one_second(made))
    told_alike(frames.pcap(*made))
    told_alike(frames.pcap(*made, snap=80))
