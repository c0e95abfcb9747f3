"""Datagrams come out of packets as the standards lay them out: headers, fragments, tunnels; what contradicts itself is said."""

from __future__ import annotations

import random
import struct
import tracemalloc

import pytest

from asepsis.evidence.wire import fragments as fragment_store
from asepsis.evidence.wire.internet import Datagram, Internet
from asepsis.evidence.wire.packet import Record
from asepsis.guard.limits import MIB

from .frames import A4, A6, B4, B6, MAC_A, MAC_B, ethernet, ipv4, ipv6, tcp, udp

SECOND = 1_000_000_000


class Heard:
    """An ``Internet`` fed by hand."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.internet = Internet(lambda packet, what: self.said.append((packet, what)))
        self.number = 0

    def __call__(self, frame: bytes, *, link: int = 1, length: int | None = None, time: int = 0) -> Datagram | None:
        self.number += 1
        return self.internet.packet(Record(self.number, time, link, frame, len(frame) if length is None else length))


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_tcp_segment(heard):
    payload = b"MSH|^~\\&|"
    assert heard(ethernet(ipv4(tcp(payload, flags=0x18)))) == Datagram(
        A4, B4, 6, 40000, 2575, payload, (1000, 2000, 0x18, 8192), True, MAC_A, MAC_B, len(payload)
    )
    assert heard.said == []
    assert not heard.internet.not_understood


def test_options_of_ipv4_and_of_tcp_are_no_payload(heard):
    found = heard(ethernet(ipv4(tcp(b"data", options=b"\x02\x04\x05\xb4\x01\x01\x04\x02"), options=b"\x94\x04\0\0")))
    assert (found.payload, found.sport, found.length) == (b"data", 40000, 4)


def test_a_udp_datagram_in_ipv6(heard):
    assert heard(ethernet(ipv6(udp(b"hi"), 17), 0x86DD)) == Datagram(A6, B6, 17, 40000, 514, b"hi", (), True, MAC_A, MAC_B, 2)


def test_other_protocols_give_their_payload_without_ports(heard):
    found = heard(ethernet(ipv4(b"\x08\0\0\0ping", 1)))
    assert (found.protocol, found.sport, found.dport, found.payload, found.extra) == (1, 0, 0, b"\x08\0\0\0ping", ())
    assert heard(ethernet(ipv4(b"sctp chunk", 132))).protocol == 132
    assert heard(ethernet(ipv6(b"encrypted", 50), 0x86DD)).payload == b"encrypted"
    assert heard(ethernet(ipv6(b"", 59), 0x86DD)).protocol == 59


def test_the_padding_of_a_short_frame_is_no_payload(heard):
    assert heard(ethernet(ipv4(tcp(b""))) + bytes(6)).payload == b""
    assert heard(ethernet(ipv4(tcp(b"x"))) + bytes(5)).payload == b"x"
    assert heard(ethernet(ipv4(udp(b"y"), 17)) + bytes(17)).payload == b"y"
    assert heard(ethernet(ipv6(tcp(b"z")), 0x86DD) + b"\xde\xad\xbe\xef").payload == b"z"


def test_a_snap_length_leaves_the_beginning_and_says_how_long_it_was(heard):
    frame = ethernet(ipv4(tcp(b"a" * 1000)))
    found = heard(frame[:100], length=len(frame))
    assert (found.payload, found.captured_whole, found.length) == (b"a" * 46, False, 1000)
    frame = ethernet(ipv4(udp(b"b" * 1000), 17))
    found = heard(frame[:100], length=len(frame))
    assert (found.payload, found.captured_whole, found.length) == (b"b" * 58, False, 1000)
    frame = ethernet(ipv4(tcp(b"c" * 1000, options=bytes(20))))
    found = heard(frame[:60], length=len(frame))  # within the options: nothing of the payload, but ports and numbers are known
    assert (found.payload, found.captured_whole, found.length, found.dport) == (b"", False, 1000, 2575)
    assert heard.said == []


def test_headers_that_were_not_captured_are_counted(heard):
    for frame in (ethernet(ipv4(tcp(b"abc"))), ethernet(ipv4(udp(b"abc"), 17)), ethernet(ipv6(tcp(b"abc")), 0x86DD)):
        assert heard(frame[:30], length=len(frame)) is None
    assert heard.internet.not_understood["packet cut short within its headers"] == 3
    assert heard.said == []


def test_a_length_of_zero_is_that_of_segments_which_the_card_has_yet_to_cut(heard):
    assert heard(ethernet(ipv4(tcp(b"q" * 3000), total=0))).length == 3000
    assert heard(ethernet(ipv6(tcp(b"q" * 3000), length=0), 0x86DD)).length == 3000
    assert heard(ethernet(ipv4(udp(b"q" * 3000, length=0), 17))).length == 3000
    assert heard.said == []


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        (ethernet(ipv4(tcp(b"abc"), total=900)), "an IP header says more bytes than the packet has"),
        (ethernet(ipv6(tcp(b"abc"), length=900), 0x86DD), "an IP header says more bytes than the packet has"),
        (ethernet(ipv4(udp(b"abc", length=900), 17)), "a UDP header says more bytes than its packet has"),
    ],
)
def test_lengths_beyond_the_packet_are_said_and_what_is_there_is_given(heard, frame: bytes, what: str):
    found = heard(frame)
    assert (found.payload, found.captured_whole) == (b"abc", False)
    assert heard.said == [(1, what)]


@pytest.mark.parametrize(
    ("packet", "ethertype", "what"),
    [
        (b"\x55" + ipv4(tcp())[1:], 0x0800, "an IPv4 header says a version or lengths that cannot be"),
        (b"\x44" + ipv4(tcp())[1:], 0x0800, "an IPv4 header says a version or lengths that cannot be"),
        (ipv4(tcp(), total=19), 0x0800, "an IPv4 header says a version or lengths that cannot be"),
        (b"\x50" + ipv6(tcp())[1:], 0x86DD, "an IPv6 header says another version"),
        (ipv4(tcp(b"abc"), total=39), 0x0800, "a TCP header is longer than its packet, or shorter than it can be"),
        (ipv4(tcp()[:12] + b"\x40" + tcp()[13:]), 0x0800, "a TCP header is longer than its packet, or shorter than it can be"),
        (ipv4(tcp()[:12] + b"\xf0" + tcp()[13:]), 0x0800, "a TCP header is longer than its packet, or shorter than it can be"),
        (ipv4(tcp()[:12]), 0x0800, "a TCP header is longer than its packet"),
        (ipv4(udp(b"")[:6], 17), 0x0800, "a UDP header is longer than its packet"),
        (ipv4(udp(b"abc", length=7), 17), 0x0800, "a UDP header says less than its own length"),
        (ipv6(b"\x06\xff" + bytes(6) + tcp(), 60), 0x86DD, "extension headers are longer than their packet"),
        (ipv6(b"\x3c\0\0\0\0\0\0\0" * 100, 60), 0x86DD, "more extension headers than are followed"),
    ],
)
def test_headers_that_contradict_each_other_are_said_and_counted(heard, packet: bytes, ethertype: int, what: str):
    assert heard(ethernet(packet, ethertype)) is None
    assert heard.said == [(1, what)]
    assert heard.internet.not_understood == {"packet with headers that contradict each other": 1}


def test_what_is_no_ip_is_counted_by_kind(heard):
    heard(ethernet(b"", 0x0806))
    heard(ethernet(b"", 0x0806))
    heard(ethernet(b"", 0x1234))
    heard(b"short")
    heard(bytes(30), link=227)
    assert heard.internet.not_understood == {"ARP": 2, "ethertype 0x1234": 1, "frame cut short": 1, "link type 227 is not read": 1}


def test_reasons_are_bounded(heard):
    for ethertype in range(0x6000, 0x6400):
        heard(ethernet(b"", ethertype))
    assert len(heard.internet.not_understood) == 65
    assert heard.internet.not_understood.total() == 0x400


# --- extension headers ---------------------------------------------------------------------------------------


def test_extension_headers_of_ipv6_are_passed(heard):
    hop = b"\x2b\0" + b"\x05\x02\0\0" + b"\x01\0"
    routing = b"\x3c\x02" + bytes(6) + B6
    destination = b"\x06\0\x01\x04\0\0\0\0"
    assert heard(ethernet(ipv6(hop + routing + destination + tcp(b"deep"), 0), 0x86DD)).payload == b"deep"


def test_the_authentication_header_is_passed_in_both_versions(heard):
    header = b"\x06\x04" + bytes(22)  # counts in four bytes, less two: RFC 4302
    assert heard(ethernet(ipv6(header + tcp(b"signed"), 51), 0x86DD)).payload == b"signed"
    assert heard(ethernet(ipv4(header + tcp(b"signed"), 51))).payload == b"signed"


# --- fragments -----------------------------------------------------------------------------------------------

WHOLE = udp(bytes(range(256)) * 8, dport=4000)


def pieces(whole: bytes, size: int, ident: int = 7) -> list[bytes]:
    """IPv4 fragments of ``size`` bytes."""
    return [
        ethernet(ipv4(whole[place : place + size], 17, ident=ident, offset=place, more=place + size < len(whole)))
        for place in range(0, len(whole), size)
    ]


def pieces6(whole: bytes, size: int, ident: int = 7) -> list[bytes]:
    """IPv6 fragments (RFC 8200, 4.5)."""
    made = []
    for place in range(0, len(whole), size):
        header = struct.pack(">BBHI", 17, 0, place | (place + size < len(whole)), ident)
        made.append(ethernet(ipv6(header + whole[place : place + size], 44), 0x86DD))
    return made


@pytest.mark.parametrize("cut", [pieces, pieces6])
@pytest.mark.parametrize("size", [8, 64, 1400])
def test_fragments_in_any_order_give_the_datagram_once(cut, size: int):
    for seed in range(5):
        heard = Heard()
        order = cut(WHOLE, size)
        random.Random(seed).shuffle(order)
        found = [heard(frame) for frame in order]
        assert [one is None for one in found] == [True] * (len(order) - 1) + [False]
        assert (found[-1].payload, found[-1].dport, found[-1].captured_whole) == (WHOLE[8:], 4000, True)
        heard.internet.finish()
        assert heard.said == []
        assert not heard.internet.not_understood


def test_fragments_of_several_datagrams_do_not_mix(heard):
    one, two = udp(b"1" * 40), udp(b"2" * 40)
    frames = [frame for both in zip(pieces(one, 24, 1), pieces(two, 24, 2), strict=True) for frame in both]
    assert [found.payload for frame in frames if (found := heard(frame))] == [b"1" * 40, b"2" * 40]


def test_an_atomic_fragment_is_whole(heard):
    assert heard(ethernet(ipv6(b"\x11\0\0\0\0\0\0\x07" + udp(b"one"), 44), 0x86DD)).payload == b"one"


def test_a_fragment_that_comes_twice_is_nothing_to_say(heard):
    first, second, third = pieces(udp(b"x" * 60), 24)
    assert [heard(frame) is not None for frame in (first, second, second, first, third)] == [False] * 4 + [True]
    assert heard.said == []


def test_where_fragments_overlap_the_first_wins_and_it_is_said(heard):
    whole = udp(b"A" * 40)
    heard(ethernet(ipv4(whole[:24], 17, offset=0, more=True)))
    heard(ethernet(ipv4(b"B" * 16, 17, offset=16, more=True)))
    found = heard(ethernet(ipv4(whole[32:], 17, offset=32)))
    assert found.payload == b"A" * 16 + b"B" * 8 + b"A" * 16
    assert heard.said == [(2, "fragments of one datagram overlap with different content; what came first was believed, a device may differ")]


def test_two_ends_of_one_datagram_are_said(heard):
    heard(ethernet(ipv4(b"C" * 8, 17, offset=40)))
    heard(ethernet(ipv4(b"D" * 8, 17, offset=32)))
    assert heard.said == [(2, "fragments of one datagram differ in where it ends; the first one was believed")]


def test_a_datagram_that_ends_before_what_came_already_is_cut_there(heard):
    whole = udp(b"E" * 24, length=24)
    heard(ethernet(ipv4(whole[8:32], 17, offset=8, more=True)))
    heard(ethernet(ipv4(whole[16:24], 17, offset=16)))
    found = heard(ethernet(ipv4(whole[:8], 17, offset=0, more=True)))
    assert found.payload == b"E" * 16
    assert heard.said == [(2, "fragments of one datagram reach beyond its end; what does was left out")]


@pytest.mark.parametrize(
    "frame",
    [
        ethernet(ipv4(b"x" * 20, 17, more=True)),  # not a multiple of eight
        ethernet(ipv4(b"", 17, more=True)),
        ethernet(ipv4(b"x" * 64, 17, offset=65528)),  # beyond 65,535: the ping of death
    ],
)
def test_fragments_that_cannot_be_are_left_out(heard, frame: bytes):
    assert heard(frame) is None
    assert len(heard.said) == 1
    heard.internet.finish()
    assert heard.internet.not_understood == {"fragment of a datagram that never became whole": 1}


def test_fragments_whose_rest_never_comes_are_counted(heard):
    first, second, _ = pieces(udp(b"x" * 60), 24)
    heard(first)
    heard(second)
    assert not heard.internet.not_understood
    heard.internet.finish()
    assert heard.internet.not_understood == {"fragment of a datagram that never became whole": 2}


def test_fragments_wait_a_minute_of_the_capture(heard):
    first, second = pieces(udp(b"x" * 40), 24)
    heard(first, time=0)
    assert heard(second, time=59 * SECOND) is not None
    heard(first, time=100 * SECOND)
    assert heard(second, time=161 * SECOND) is None


def test_a_fragment_that_was_cut_short_completes_nothing(heard):
    first, second = pieces(udp(b"x" * 40), 24)
    heard(first[:-4], length=len(first))
    assert heard(second) is None
    assert heard.internet.not_understood == {"fragment cut short": 1}


def test_fragments_are_bounded(heard, monkeypatch):
    monkeypatch.setattr(fragment_store, "MOST_PENDING_BYTES", 2 * MIB)
    tracemalloc.start()
    for ident in range(3000):
        heard(ethernet(ipv4(b"x" * 8, 17, ident=ident, offset=60_000, more=True)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB
    assert "oldest given up" in heard.said[0][1]
    heard.internet.finish()
    assert heard.internet.not_understood.total() == 3000


# --- tunnels -------------------------------------------------------------------------------------------------

INNER4, INNER6 = ipv4(tcp(b"inner")), ipv6(tcp(b"inner"))
FRAME = ethernet(INNER4)
CAPWAP = struct.pack(">BBBBHH", 0, 2 << 3, 0x43, 0, 0, 0)  # header of 8 bytes, radio 1, binding 1 (802.11), native frame
WLAN = b"\x08\x02\0\0" + MAC_B + bytes(6) + MAC_A + bytes(2) + b"\xaa\xaa\x03\0\0\0\x08\0" + INNER4


@pytest.mark.parametrize(
    "outer",
    [
        ipv4(INNER4, 4),
        ipv4(INNER6, 41),
        ipv6(INNER4, 4),
        ipv6(INNER6, 41),
        ipv4(b"\0\0\x08\0" + INNER4, 47),
        ipv4(b"\0\0\x86\xdd" + INNER6, 47),
        ipv4(b"\xb0\0\x08\0" + bytes(12) + INNER4, 47),  # with checksum, key and sequence number
        ipv4(b"\x20\0\x65\x58" + bytes(4) + FRAME, 47),
        ipv4(b"\0\0\x88\xbe" + FRAME, 47),  # ERSPAN 1
        ipv4(b"\x10\0\x88\xbe" + bytes(4) + bytes(8) + FRAME, 47),  # ERSPAN 2
        ipv4(b"\x10\0\x22\xeb" + bytes(4) + bytes(12) + FRAME, 47),  # ERSPAN 3
        ipv4(b"\x10\0\x22\xeb" + bytes(4) + bytes(11) + b"\x01" + bytes(8) + FRAME, 47),  # with a platform's own header
        ipv4(b"\x30\x81\x88\x0b" + bytes(12) + b"\xff\x03\x00\x21" + INNER4, 47),  # PPTP
        ipv4(b"\x30\x01\x88\x0b" + bytes(8) + b"\x21" + INNER4, 47),
        ipv4(udp(b"\x08\0\0\0\0\0\x2a\0" + FRAME, dport=4789), 17),
        ipv4(udp(b"\x01\0\x65\x58\0\0\x2a\0" + bytes(4) + FRAME, dport=6081), 17),
        ipv4(udp(b"\0\0\x86\xdd\0\0\x2a\0" + INNER6, dport=6081), 17),
        ipv4(udp(b"\x30\xff" + struct.pack(">HI", len(INNER4), 1) + INNER4, dport=2152), 17),
        ipv4(udp(b"\x32\xff" + struct.pack(">HI", 4 + len(INNER4), 1) + b"\0\x01\0\0" + INNER4, dport=2152), 17),
        ipv4(udp(b"\x34\xff" + struct.pack(">HI", 8 + len(INNER6), 1) + b"\0\0\0\x85" + b"\x01\0\0\0" + INNER6, dport=2152), 17),
        ipv4(udp(CAPWAP + WLAN, dport=5247), 17),
        ipv4(udp(CAPWAP + WLAN[1::-1] + WLAN[2:22] + b"\x01\x10" + WLAN[24:], dport=5247), 17),  # bytes swapped, number 17, no fragment
        ipv4(ipv4(b"\0\0\x08\0" + INNER4, 47), 4),
    ],
)
def test_of_a_tunnel_the_inner_packet_is_given(heard, outer: bytes):
    found = heard(ethernet(outer, 0x0800 if outer[0] >> 4 == 4 else 0x86DD))
    assert (found.payload, found.protocol, found.dport, found.captured_whole) == (b"inner", 6, 2575, True)
    assert (found.hw_source, found.hw_destination) == (MAC_A, MAC_B)
    assert heard.said == []


@pytest.mark.parametrize(
    "payload",
    [
        (udp(b"\x08\0\0\x01\0\0\x2a\0" + FRAME, dport=4789)),
        (udp(b"\x08\0\0", dport=4789)),
        (udp(b"\x32\x01\0\x04\0\0\0\0\0\0\0\0", dport=2152)),
        (udp(b"hello", dport=2152)),
        (udp(b"\x01" + bytes(40), dport=5247)),
        (udp(b"", dport=5247)),
    ],
)
def test_what_only_uses_the_port_of_a_tunnel_stays_a_datagram(heard, payload: bytes):
    assert heard(ethernet(ipv4(payload, 17))).payload == payload[8:]


VXLAN_HEAD, GENEVE_HEAD = b"\x08\0\0\0\0\0\x2a\0", b"\0\0\x65\x58\0\0\x2a\0"


@pytest.mark.parametrize("port", [8472, 6082, 40000])
@pytest.mark.parametrize("head", [VXLAN_HEAD, GENEVE_HEAD, b"\x01\0\x65\x58\0\0\x2a\0" + bytes(4)], ids=["vxlan", "geneve", "with options"])
@pytest.mark.parametrize(
    "inner", [FRAME, ethernet(INNER6, 0x86DD), FRAME + bytes(6), ethernet(INNER4, 0x0800)], ids=["ipv4", "ipv6", "padded", "again"]
)
def test_a_tunnel_at_another_port_is_known_by_what_it_says(heard, head: bytes, inner: bytes, port: int):
    found = heard(ethernet(ipv4(udp(head + inner, dport=port), 17)))
    assert (found.payload, found.protocol, found.dport) == (b"inner", 6, 2575)


@pytest.mark.parametrize(
    "said",
    [
        VXLAN_HEAD + FRAME[:-1],  # less than the packet in it says
        VXLAN_HEAD + FRAME + b"\x01",  # more, and no padding
        VXLAN_HEAD + FRAME + bytes(60),  # more than padding may be
        VXLAN_HEAD + ethernet(b"\x65" + INNER4[1:]),  # neither version of IP
        VXLAN_HEAD + ethernet(b"\x44" + INNER4[1:]),  # a header shorter than any
        VXLAN_HEAD + ethernet(INNER6, 0x0800),
        VXLAN_HEAD + ethernet(b"hello", 0x0806),
        VXLAN_HEAD[:7] + b"\x01" + FRAME,
        b"\x08\0\0\x01" + VXLAN_HEAD[4:] + FRAME,
        b"\x40" + GENEVE_HEAD[1:] + FRAME,  # another version
        b"\0\x01" + GENEVE_HEAD[2:] + FRAME,  # reserved bits
        b"\0\0\x08\0\0\0\x2a\0" + INNER4,  # of a header that says so little it is believed at its port alone
        VXLAN_HEAD,
        b"",
    ],
)
def test_what_only_looks_like_a_tunnel_stays_a_datagram(heard, said: bytes):
    found = heard(ethernet(ipv4(udp(said, dport=8472), 17)))
    assert (found.payload, found.dport, heard.said) == (said, 8472, [])


def test_a_tunnel_of_something_else_stays_what_it_is(heard):
    assert heard(ethernet(ipv4(b"\x40\0\x08\0" + INNER4, 47))).protocol == 47  # with source routes
    assert heard(ethernet(ipv4(b"\0", 47))).payload == b"\0"


def test_tunnels_without_end_are_left_out(heard):
    packet = INNER4
    for _ in range(5):
        packet = ipv4(packet, 4)
    assert heard(ethernet(packet)) is None
    assert heard.internet.not_understood == {"tunnels or fragments one in another, more than are followed": 1}


def test_a_tunnel_cut_by_the_snap_length_is_no_lie(heard):
    frame = ethernet(ipv4(ipv4(tcp(b"a" * 500)), 4))
    found = heard(frame[:120], length=len(frame))
    assert (found.captured_whole, found.length) == (False, 500)
    assert heard.said == []


def test_an_inner_packet_longer_than_its_tunnel_is_a_lie(heard):
    outer = ipv4(ipv4(tcp(b"abc"), total=500), 4)
    assert heard(ethernet(outer) + bytes(800)).payload == b"abc"
    assert heard.said == [(1, "an IP header says more bytes than the packet has")]


def test_fragments_put_together_may_hold_a_tunnel(heard):
    inner = ipv4(tcp(b"z" * 90))
    frames = [ethernet(ipv4(inner[place : place + 64], 4, offset=place, more=place + 64 < len(inner))) for place in range(0, len(inner), 64)]
    assert [heard(frame) for frame in frames[:-1]] == [None] * (len(frames) - 1)
    assert heard(frames[-1]).payload == b"z" * 90


def test_a_chain_of_fragments_that_complete_each_other_ends(heard):
    """The last piece of datagram n stands in datagram n + 1: put together one in another without end, if nothing stopped it."""
    heard(ethernet(ipv4(udp(b"")[:8], 17, ident=0, offset=0, more=True)))
    packet = ipv4(b"E" * 8, 17, ident=0, offset=8)
    for ident in range(1, 60):
        heard(ethernet(ipv4(packet[:8], 4, ident=ident, offset=0, more=True)))
        packet = ipv4(packet[8:], 4, ident=ident, offset=8)
    assert heard(ethernet(packet)) is None
    assert heard.internet.not_understood == {"tunnels or fragments one in another, more than are followed": 1}


# --- hostile -------------------------------------------------------------------------------------------------

SAMPLES = [
    ethernet(ipv4(tcp(b"payload", options=bytes(8)), options=b"\x94\x04\0\0")),
    ethernet(ipv6(b"\x2b\0" + bytes(6) + b"\x2c\0" + bytes(6) + b"\x11\0\0\x01\0\0\0\x07" + udp(b"x" * 24)[:32], 0), 0x86DD),
    ethernet(ipv4(b"\xb0\0\x65\x58" + bytes(12) + ethernet(ipv6(ipv4(tcp(b"deep")), 4), 0x86DD), 47)),
    ethernet(ipv4(udp(b"\x34\xff\0\x40\0\0\0\x01\0\0\0\x85\x01\0\0\0" + INNER6, dport=2152), 17)),
    ethernet(ipv4(udp(CAPWAP + WLAN, dport=5247), 17)),
    *pieces(udp(b"x" * 60), 24),
]


@pytest.mark.parametrize("frame", SAMPLES)
def test_packets_cut_anywhere_raise_nothing(heard, frame: bytes):
    for cut in range(len(frame) + 1):
        heard(frame[:cut], length=len(frame))
        heard(frame[:cut])


def test_broken_packets_raise_nothing_and_are_all_accounted_for():
    dice = random.Random(11)
    heard = Heard()
    given = 0
    for turn in range(12_000):
        made = bytearray(SAMPLES[turn % len(SAMPLES)])
        for _ in range(dice.randrange(1, 5)):
            made[dice.randrange(12, len(made))] = dice.choice((0, 0xFF, dice.randrange(256)))
        given += heard(bytes(made), time=turn * SECOND) is not None
    heard.internet.finish()
    completed = 12_000 - given - heard.internet.not_understood.total()
    # Of pieces that became a datagram only the last one is given; the others are neither given nor not understood.
    assert 0 < completed < 1500
    assert given > 3000
