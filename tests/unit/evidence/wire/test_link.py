"""The network packet is found in frames of each link type, and what holds none says why."""

from __future__ import annotations

import random
import struct

import pytest

from asepsis.evidence.wire.link import network, reason

from .frames import MAC_A, MAC_B, ethernet, ipv4, ipv6, udp

IP4, IP6 = ipv4(udp(b"hello"), 17), ipv6(udp(b"hello"), 17)
SNAP = b"\xaa\xaa\x03\0\0\0"
BETWEEN = (MAC_A, MAC_B)
NOWHERE = (b"", b"")


def found(link: int, data: bytes) -> tuple[bytes, int, bytes, bytes]:
    """The network packet itself, its ethertype and the hardware addresses."""
    inside = network(link, data)
    assert inside is not None, reason(link, data)
    assert reason(link, data) == ""
    return data[inside[0] :], *inside[1:]


def tag(number: int, ethertype: int) -> bytes:
    """IEEE 802.1Q: priority and VLAN, then what follows."""
    return struct.pack(">HH", number, ethertype)


def test_ethernet_ii():
    assert found(1, ethernet(IP4)) == (IP4, 0x0800, *BETWEEN)
    assert found(1, ethernet(IP6, 0x86DD)) == (IP6, 0x86DD, *BETWEEN)
    assert found(1, ethernet(b"arp", 0x0806)) == (b"arp", 0x0806, *BETWEEN)


@pytest.mark.parametrize("outer", [0x8100, 0x88A8, 0x9100, 0x9200])
def test_vlan_tags_one_in_another(outer: int):
    assert found(1, ethernet(tag(5, 0x0800) + IP4, outer)) == (IP4, 0x0800, *BETWEEN)
    assert found(1, ethernet(tag(5, 0x8100) + tag(6, 0x86DD) + IP6, outer)) == (IP6, 0x86DD, *BETWEEN)


def test_tags_without_end_are_left_out():
    assert network(1, ethernet(tag(1, 0x8100) * 400, 0x8100)) is None
    assert reason(1, ethernet(tag(1, 0x8100) * 400, 0x8100)) == "more tags than are followed"


def test_ethernet_802_3_with_a_length():
    assert found(1, ethernet(SNAP + b"\x08\x00" + IP4, 8 + len(IP4))) == (IP4, 0x0800, *BETWEEN)
    assert found(1, ethernet(b"\x06\x06\x03" + IP4, 3 + len(IP4))) == (IP4, 0x0800, *BETWEEN)
    assert found(1, ethernet(SNAP + b"\x81\x00" + tag(2, 0x0800) + IP4, 12 + len(IP4))) == (IP4, 0x0800, *BETWEEN)
    spanning_tree = ethernet(b"\x42\x42\x03\0\0\0\0\0", 8)
    assert reason(1, spanning_tree) == "802.2 frame without a network packet"


def test_mpls_labels_down_to_what_they_carry():
    above, bottom = b"\x00\x01\x00\xff", b"\x00\x02\x01\xff"
    assert found(1, ethernet(above + bottom + IP4, 0x8847)) == (IP4, 0x0800, *BETWEEN)
    assert found(1, ethernet(bottom + IP6, 0x8848)) == (IP6, 0x86DD, *BETWEEN)
    assert found(1, ethernet(bottom + bytes(4) + MAC_A + MAC_B + b"\x08\x00" + IP4, 0x8847)) == (IP4, 0x0800, MAC_B, MAC_A)
    assert reason(1, ethernet(bottom + b"\x20\0\0\0", 0x8847)) == "MPLS with something else than IP"


def test_pppoe_and_ppp():
    assert found(1, ethernet(b"\x11\x00\x00\x01" + struct.pack(">HH", 2 + len(IP4), 0x0021) + IP4, 0x8864)) == (IP4, 0x0800, *BETWEEN)
    assert found(1, ethernet(b"\x11\x00\x00\x01" + struct.pack(">HH", 2 + len(IP6), 0x0057) + IP6, 0x8864)) == (IP6, 0x86DD, *BETWEEN)
    assert found(51, b"\x11\x00\x00\x01" + struct.pack(">HH", 2 + len(IP4), 0x0021) + IP4) == (IP4, 0x0800, *NOWHERE)
    assert found(9, b"\x00\x21" + IP4) == (IP4, 0x0800, *NOWHERE)
    assert found(9, b"\xff\x03\x00\x57" + IP6) == (IP6, 0x86DD, *NOWHERE)
    assert found(50, b"\xff\x03\x00\x21" + IP4) == (IP4, 0x0800, *NOWHERE)
    assert reason(9, b"\xff\x03\xc0\x21\x01") == "PPP without a network packet"
    assert found(104, b"\x0f\x00\x08\x00" + IP4) == (IP4, 0x0800, *NOWHERE)


def test_linux_cooked_captures():
    first = struct.pack(">HHH8sH", 0, 1, 6, MAC_A + b"\0\0", 0x0800)
    assert found(113, first + IP4) == (IP4, 0x0800, MAC_A, b"")
    tagged = struct.pack(">HHH8sH", 0, 1, 6, MAC_A + b"\0\0", 0x8100) + tag(7, 0x0800)
    assert found(113, tagged + IP4) == (IP4, 0x0800, MAC_A, b"")
    tunnel = struct.pack(">HHH8sH", 4, 776, 0, bytes(8), 0x86DD)
    assert found(113, tunnel + IP6) == (IP6, 0x86DD, *NOWHERE)
    second = struct.pack(">HHIHBB8s", 0x86DD, 0, 3, 1, 4, 6, MAC_A + b"\0\0")
    assert found(276, second + IP6) == (IP6, 0x86DD, MAC_A, b"")


@pytest.mark.parametrize("link", [12, 14, 101, 228])
def test_raw_ipv4(link: int):
    assert found(link, IP4) == (IP4, 0x0800, *NOWHERE)


@pytest.mark.parametrize("link", [12, 14, 101, 229])
def test_raw_ipv6(link: int):
    assert found(link, IP6) == (IP6, 0x86DD, *NOWHERE)


def test_a_raw_packet_of_another_version_is_left_out():
    assert reason(101, b"\x00" * 20) == "raw packet that is neither IPv4 nor IPv6"


@pytest.mark.parametrize(("family", "data", "ethertype"), [(2, IP4, 0x0800), *((family, IP6, 0x86DD) for family in (10, 23, 24, 28, 30))])
def test_loopback_in_the_byte_order_of_either_host_and_of_the_network(family: int, data: bytes, ethertype: int):
    assert found(0, struct.pack("<I", family) + data) == (data, ethertype, *NOWHERE)
    assert found(0, struct.pack(">I", family) + data) == (data, ethertype, *NOWHERE)
    assert found(108, struct.pack(">I", family) + data) == (data, ethertype, *NOWHERE)
    assert reason(0, struct.pack("<I", 7) + data) == "loopback without a network packet"


# --- 802.11 --------------------------------------------------------------------------------------------------

A1, A2, A3, A4 = (bytes([2, 0, 0, 0, 0, n]) for n in (1, 2, 3, 4))


def wlan(flags: int, *, subtype: int = 0, kind: int = 2, sequence: int = 0, after: bytes = b"") -> bytes:
    """IEEE 802.11-2020, 9.2.3: frame control, duration, three addresses, sequence control."""
    return bytes([kind << 2 | subtype << 4, flags]) + b"\0\0" + A1 + A2 + A3 + struct.pack("<H", sequence) + after


LLC = SNAP + b"\x08\x00" + IP4


@pytest.mark.parametrize(
    ("flags", "after", "source", "destination"),
    [
        (0, b"", A2, A1),  # between stations
        (1, b"", A2, A3),  # to the access point
        (2, b"", A3, A1),  # from the access point
        (3, A4, A4, A3),  # between access points
    ],
)
def test_the_addresses_of_a_wireless_frame_by_its_direction(flags: int, after: bytes, source: bytes, destination: bytes):
    assert found(105, wlan(flags, after=after) + LLC) == (IP4, 0x0800, source, destination)
    quality = after + b"\x06\x00"
    assert found(105, wlan(flags, subtype=8, after=quality) + LLC) == (IP4, 0x0800, source, destination)
    assert found(105, wlan(flags | 0x80, subtype=8, after=quality + bytes(4)) + LLC) == (IP4, 0x0800, source, destination)  # HT control


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (wlan(0x41) + bytes(60), "802.11: encrypted"),
        (wlan(0, kind=0, subtype=8) + bytes(60), "802.11: management or control"),
        (wlan(0, kind=1, subtype=13) + bytes(60), "802.11: management or control"),
        (wlan(1, subtype=4) + bytes(60), "802.11: frame without data"),
        (wlan(1, subtype=12) + bytes(60), "802.11: frame without data"),
        (wlan(0x05) + LLC, "802.11: fragment"),
        (wlan(1, sequence=3) + LLC, "802.11: fragment"),
        (wlan(1, subtype=8, after=b"\x80\0") + LLC, "802.11: several packets in one frame (A-MSDU)"),
        (wlan(1)[:20], "frame cut short"),
    ],
)
def test_wireless_frames_without_a_packet_that_can_be_read_say_why(frame: bytes, why: str):
    assert network(105, frame) is None
    assert reason(105, frame) == why


def test_headers_before_the_wireless_frame():
    frame, between = wlan(1) + LLC, (A2, A3)
    assert found(127, b"\0\0\x08\0\0\0\0\0" + frame) == (IP4, 0x0800, *between)
    assert found(192, b"\0\0\x08\0\x69\0\0\0" + frame) == (IP4, 0x0800, *between)
    assert found(119, b"\0\0\0\x44\0\0\0\x90" + bytes(136) + frame) == (IP4, 0x0800, *between)
    assert found(119, struct.pack(">II", 0x80211001, 64) + bytes(56) + frame) == (IP4, 0x0800, *between)
    assert found(163, struct.pack(">II", 0x80211001, 64) + bytes(56) + frame) == (IP4, 0x0800, *between)
    assert reason(192, b"\0\0\x08\0\x01\0\0\0" + frame) == "link type 1 in PPI is not read"


def test_radiotap_says_whether_the_wireless_header_is_padded():
    quality = wlan(1, subtype=8, after=b"\x06\x00")  # 26 bytes, padded to 28
    flags = b"\0\0\x09\0" + struct.pack("<I", 0x02) + b"\x20"
    assert found(127, flags + quality + b"\0\0" + LLC)[0] == IP4
    both = b"\0\0\x1a\0" + struct.pack("<II", 0x80000003, 0) + bytes(4) + bytes(8) + b"\x20\0"  # two words; the time is aligned to eight bytes
    assert found(127, both + quality + b"\0\0" + LLC)[0] == IP4
    assert reason(127, b"\0\0\x09\0" + struct.pack("<I", 0x02) + b"\x40" + quality + LLC) == "802.11: received with errors"


# --- neither -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", [189, 220, 227, 253, 65535])
def test_other_link_types_are_counted_by_their_number(link: int):
    assert network(link, bytes(100)) is None
    assert reason(link, bytes(100)) == f"link type {link} is not read"


FRAMES = [
    (1, ethernet(tag(5, 0x8847) + b"\x00\x02\x01\xff" + IP4, 0x8100)),
    (1, ethernet(SNAP + b"\x08\x00" + IP4, 8 + len(IP4))),
    (1, ethernet(b"\x11\x00\x00\x01\0\0\0\x21" + IP4, 0x8864)),
    (127, b"\0\0\x1a\0" + struct.pack("<II", 0x80000003, 0) + bytes(4) + bytes(8) + b"\x20\0" + wlan(3, subtype=8, after=A4 + b"\0\0") + LLC),
    (192, b"\0\0\x08\0\x69\0\0\0" + wlan(1) + LLC),
    (119, struct.pack(">II", 0x80211001, 64) + bytes(56) + wlan(1) + LLC),
    *((link, IP4) for link in (0, 9, 12, 50, 51, 101, 104, 108, 113, 276)),
]


@pytest.mark.parametrize(("link", "frame"), FRAMES)
def test_frames_that_are_cut_or_broken_anywhere_raise_nothing(link: int, frame: bytes):
    for cut in range(len(frame)):
        assert (network(link, frame[:cut]) is None) == bool(reason(link, frame[:cut]))
    dice = random.Random(link)
    for _ in range(500):
        made = bytearray(frame)
        for _ in range(3):
            made[dice.randrange(min(len(made), 60))] = dice.randrange(256)
        inside = network(link, bytes(made))
        assert inside is None or (inside[0] > 0 or link in {12, 101})
