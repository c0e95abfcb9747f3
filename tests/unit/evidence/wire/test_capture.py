"""Captures of each kind give their records, and what is broken in them is said with the number of the packet."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import threading
import tracemalloc

import pytest

from asepsis.evidence.wire import pcap as pcap_files
from asepsis.evidence.wire import pcapng as pcapng_files
from asepsis.evidence.wire.capture import Notes, records
from asepsis.evidence.wire.packet import Record
from asepsis.guard import decompressed
from asepsis.guard.limits import MIB

from . import frames

SECOND = 1_000_000_000
WHEN = 1_700_000_000
PACKETS = (b"first packet", b"second", b"the third one")


def read(data: bytes, notes: Notes | None = None) -> tuple[list[Record], list[tuple[int, str]]]:
    """All records of a capture, and what was complained of."""
    said: list[tuple[int, str]] = []
    return list(records(io.BytesIO(data), lambda packet, what: said.append((packet, what)), notes)), said


def whole(data: bytes, notes: Notes | None = None) -> list[Record]:
    found, said = read(data, notes)
    assert said == []
    return found


# --- pcap ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "unit"), [(0xA1B2C3D4, 1000), (0xA1B23C4D, 1), (0xA1B2CD34, 1000)])
def test_a_pcap_file_gives_its_records_with_their_times(order: str, magic: int, unit: int):
    found = whole(frames.pcap(*PACKETS, order=order, magic=magic, link=113, seconds=WHEN))
    assert found == [Record(n, (WHEN + n - 1) * SECOND + (n - 1) * unit, 113, data, len(data)) for n, data in enumerate(PACKETS, 1)]


def test_a_capture_without_packets_is_no_error():
    assert whole(frames.pcap()) == []


def test_a_snap_length_leaves_the_beginning_and_the_length_on_the_wire():
    (record,) = whole(frames.pcap(bytes(range(100)), snap=10))
    assert (record.data, record.length) == (bytes(range(10)), 100)


def test_the_bits_that_tell_of_a_frame_check_sequence_are_no_part_of_the_link_type():
    made = bytearray(frames.pcap(b"x" * 20))
    made[20:24] = struct.pack("<I", 0x24000001)  # four bytes of checksum follow each Ethernet frame
    assert whole(bytes(made))[0].link == 1


def test_a_capture_that_is_cut_anywhere_gives_every_packet_that_is_whole():
    made = frames.pcap(*PACKETS)
    ends = [24 + sum(16 + len(data) for data in PACKETS[:count]) for count in range(len(PACKETS) + 1)]
    for cut in range(1, len(made)):
        found, said = read(made[:cut])
        count = sum(cut >= end for end in ends[1:])
        assert [record.data for record in found] == list(PACKETS[:count])
        number = 0 if cut < ends[0] else count + 1
        assert [packet for packet, _ in said] == ([] if cut in ends else [number]), cut


def test_a_file_that_is_no_capture_says_so():
    assert read(b"") == ([], [(0, "the capture is empty")])
    assert "neither pcap nor pcapng" in read(b"GIF89a, certainly no capture")[1][0][1]
    assert "convert it with editcap" in read(b"snoop\0\0\0\0\0\0\2")[1][0][1]
    assert "decompress it first" in read(b"\xfd7zXZ\0")[1][0][1]


def broken(number: int, length: int, packets: list[bytes]) -> bytes:
    """A pcap file in which one packet's captured length is a lie."""
    made = bytearray(frames.pcap(*packets))
    place = 24 + sum(16 + len(data) for data in packets[: number - 1]) + 8
    made[place : place + 4] = struct.pack("<I", length)
    return bytes(made)


def test_after_a_length_that_is_a_lie_the_next_packets_in_a_row_are_found():
    packets = [bytes([65 + n]) * (60 + n) for n in range(10)]
    found, said = read(broken(3, 0xFFFFFFF0, packets))
    assert [record.data for record in found] == packets[:2] + packets[3:]
    assert [record.number for record in found] == list(range(1, 10))
    assert said == [(3, "the length of this packet is a lie; bytes were left out until packets follow again")]


def test_where_nothing_looks_like_packets_again_the_rest_is_left_out():
    packets = [b"a" * 60, b"b" * 60]
    found, said = read(broken(1, 0x7FFFFFFF, packets)[:-70] + bytes(range(256)) * 40)
    assert found == []
    assert len(said) == 1
    assert said[0][0] == 1
    assert "the rest was not read" in said[0][1]


def test_a_file_full_of_lies_is_given_up(monkeypatch):
    monkeypatch.setattr(pcap_files, "MOST_SEARCHES", 3)
    packets = [bytes([n + 1]) * 60 for n in range(40)]
    made = bytearray(frames.pcap(*packets))
    for number in range(4, 40, 4):
        made[24 + number * 76 + 8 : 24 + number * 76 + 12] = b"\xff\xff\xff\xff"
    found, said = read(bytes(made))
    assert len(said) == 4
    assert "more than 3 packets lie" in said[-1][1]
    assert len(found) == 4 + 3 * 3


# --- pcapng --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("resolution", "ticks", "nanoseconds"),
    [
        (None, 5_000_001, 5 * SECOND + 1000),  # microseconds, where nothing is said
        (b"\x06", 5_000_001, 5 * SECOND + 1000),
        (b"\x09", 5_000_000_001, 5 * SECOND + 1),
        (b"\x03", 5001, 5 * SECOND + 1_000_000),
        (b"\x8a", 5 * 1024 + 512, 5 * SECOND + SECOND // 2),  # 2^-10 of a second
        (b"\x0c", 5_000_000_000_999, 5 * SECOND),  # picoseconds: what is finer than ours is cut off
    ],
)
def test_each_interface_has_a_clock_of_its_own(order: str, resolution: bytes | None, ticks: int, nanoseconds: int):
    options = frames.option(9, resolution, order) if resolution else b""
    made = frames.section(order) + frames.interface(1, options, order) + frames.enhanced(b"packet", ticks, order=order)
    assert whole(made) == [Record(1, nanoseconds, 1, b"packet", 6)]


def test_the_offset_of_a_clock_is_added():
    options = frames.option(14, struct.pack("<q", WHEN)) + frames.option(0, b"")
    made = frames.section() + frames.interface(1, options) + frames.enhanced(b"packet", 1)
    assert whole(made)[0].time == WHEN * SECOND + 1000
    before = frames.option(14, struct.pack("<q", -5))
    assert whole(frames.section() + frames.interface(1, before) + frames.enhanced(b"packet", 6_000_000))[0].time == SECOND


@pytest.mark.parametrize(("options", "ticks"), [(frames.option(9, b"\0"), 1 << 63), (frames.option(14, struct.pack("<q", -(1 << 62))), 5)])
def test_a_time_that_cannot_be_is_said_and_that_of_the_packet_before_stands_for_it(options: bytes, ticks: int):
    made = frames.section() + frames.interface() + frames.interface(1, options)
    found, said = read(made + frames.enhanced(b"before", 1) + frames.enhanced(b"packet", ticks, which=1) + frames.enhanced(b"after", 2))
    assert [record.time for record in found] == [1000, 1000, 2000]
    assert said == [(2, "the time of this packet cannot be; that of the one before stands for it")]


def test_interfaces_of_several_kinds_and_sections_of_either_byte_order():
    made = frames.section("<") + frames.interface(1) + frames.interface(127) + frames.enhanced(b"one", 1) + frames.enhanced(b"two", 2, which=1)
    made += frames.section(">") + frames.interface(276, order=">") + frames.enhanced(b"three", 3, order=">", length=99)
    assert whole(made) == [Record(1, 1000, 1, b"one", 3), Record(2, 2000, 127, b"two", 3), Record(3, 3000, 276, b"three", 99)]


def test_simple_and_obsolete_packet_blocks():
    made = frames.section() + frames.interface(1, snap=4) + frames.enhanced(b"with time", 7)
    made += frames.block(3, struct.pack("<I", 6) + b"simp")  # 6 bytes on the wire, 4 captured
    made += frames.block(2, struct.pack("<HHIIII", 0, 3, 0, 9, 5, 8) + b"older")
    assert whole(made) == [Record(1, 7000, 1, b"with time", 9), Record(2, 7000, 1, b"simp", 6), Record(3, 9000, 1, b"older", 8)]


def test_names_are_noted_and_comments_and_secrets_only_counted():
    comment = frames.option(1, b"Mrs Miller's pump")
    names = frames.option(1, frames.A4 + b"pump-3\0pump-3.ward\0") + frames.option(2, frames.A6 + b"gateway\0") + frames.option(0, b"")
    made = frames.section(options=comment) + frames.interface(1, comment) + frames.block(4, names) + frames.block(4, names)
    made += frames.block(10, struct.pack("<II", 0x544C534B, 4) + b"keys") + frames.block(0xBAD, b"custom") + frames.enhanced(b"x", 1, options=comment)
    made += frames.block(5, struct.pack("<III", 0, 0, 0) + frames.option(5, struct.pack("<Q", 17)))
    made += frames.block(5, struct.pack("<III", 0, 0, 0) + frames.option(5, struct.pack("<Q", 20)))  # so far, not since
    notes = Notes()
    assert len(whole(made, notes)) == 1
    assert notes.names == {"10.0.0.1": ["pump-3", "pump-3.ward"], "2001:db8::1": ["gateway"]}
    assert (notes.comments, notes.secrets, notes.unknown_blocks, notes.dropped) == (3, 1, 1, 20)
    assert "Miller" not in repr(notes)
    assert list(notes.problems()) == ["20 packets are missing: whoever captured could not keep up with the traffic"]


def test_a_capture_that_holds_all_there_was_has_no_problem_of_its_own():
    assert list(Notes().problems()) == []


def test_names_are_bounded():
    notes = Notes()
    for number in range(11_000):
        notes.name(str(number), "x")
    assert (len(notes.names), notes.names_left_out) == (10_000, 1000)


def test_a_pcapng_file_that_is_cut_anywhere_gives_every_packet_that_is_whole():
    head, one, two = frames.section() + frames.interface(), frames.enhanced(b"one", 1), frames.enhanced(b"twofold", 2)
    made = head + one + two
    for cut in range(5, len(made)):
        found, said = read(made[:cut])
        count = (cut >= len(head + one)) + (cut >= len(made))
        assert [record.data for record in found] == [b"one", b"twofold"][:count], cut
        whole_blocks = cut in {len(frames.section()), len(head), len(head + one)}
        assert said == ([] if whole_blocks else [(count + 1, "the capture ends in the middle of this packet")]), cut


@pytest.mark.parametrize(
    ("lie", "what", "kept"),
    [
        (frames.enhanced(b"no such interface", 1, which=9), "an interface that is not described", 2),
        (frames.block(6, struct.pack("<IIIII", 0, 0, 1, 500, 500) + b"short"), "longer than its block", 3),
        (frames.block(6, b"head"), "too short for its type", 2),
        (frames.enhanced(b"x", 1)[:-4] + struct.pack("<I", 40), "two total lengths", 3),
        (frames.enhanced(b"x", 1, options=struct.pack("<HHI", 1, 900, 0)), "an option is longer", 3),
        (struct.pack("<III", 6, 0x40000000, 0), "a block longer than any packet was left out", 1),
        (struct.pack("<III", 6, 13, 0), "the rest was not read", 1),
        (struct.pack("<III", 6, 8, 0), "the rest was not read", 1),
        (struct.pack("<III", 0x0A0D0D0A, 28, 0x11111111), "no byte order", 1),
    ],
)
def test_lies_of_a_pcapng_file_are_said_and_the_rest_is_read_where_it_can_be(lie: bytes, what: str, kept: int):
    found, said = read(frames.section() + frames.interface() + frames.enhanced(b"before", 1) + lie + frames.enhanced(b"after", 2))
    assert what in said[0][1]
    assert said[0][0] == 2
    assert len(found) == kept


def test_a_block_that_is_too_long_is_left_out_and_what_follows_is_read(monkeypatch):
    monkeypatch.setattr(pcapng_files, "LONGEST_BLOCK", 3 * MIB)
    made = frames.section() + frames.interface() + frames.block(0xBAD, bytes(4 * MIB)) + frames.enhanced(b"after", 2)
    found, said = read(made)
    assert [record.data for record in found] == [b"after"]
    assert said == [(1, "a block longer than any packet was left out")]


# --- compressed ----------------------------------------------------------------------------------------------


def zstd(data: bytes) -> bytes:
    return pytest.importorskip("backports.zstd").compress(data)


@pytest.mark.parametrize("pack", [gzip.compress, zstd], ids=["gzip", "zstandard"])
@pytest.mark.parametrize(
    "made", [frames.pcap(*PACKETS), frames.section() + frames.interface() + b"".join(frames.enhanced(data, 1) for data in PACKETS)]
)
def test_a_compressed_capture_is_read_in_any_number_of_parts(pack, made: bytes):
    assert [record.data for record in whole(pack(made))] == list(PACKETS)
    assert [record.data for record in whole(pack(made[:50]) + pack(made[50:]))] == list(PACKETS)
    assert [record.data for record in whole(pack(made) + bytes(512))] == list(PACKETS)


@pytest.mark.parametrize("pack", [gzip.compress, zstd], ids=["gzip", "zstandard"])
def test_a_compressed_capture_that_is_cut_says_so_and_gives_what_came_before(pack):
    packets = [random.Random(n).randbytes(200) for n in range(1000)]
    made = pack(frames.pcap(*packets))
    found, said = read(made[: len(made) * 3 // 4])
    assert 100 < len(found) < 1000
    assert [record.data for record in found] == packets[: len(found)]
    assert said == [(len(found), "the rest of the capture was not read: the compressed stream is cut short")]
    found, said = read(made[:-3000] + bytes(3000))
    assert len(said) == 1
    assert found


def test_what_follows_a_compressed_capture_is_said():
    assert "other bytes follow" in read(gzip.compress(frames.pcap(*PACKETS), mtime=0) + b"and more")[1][0][1]


@pytest.mark.parametrize("pack", [lambda data: gzip.compress(data, 9, mtime=0), zstd], ids=["gzip", "zstandard"])
def test_a_bomb_becomes_one_problem_in_bounded_memory(pack, monkeypatch):
    monkeypatch.setattr(decompressed, "_NOT_BELOW", 8 * MIB)
    bomb = pack(frames.pcap(*[bytes(60_000)] * 1000))
    tracemalloc.start()
    said: list[tuple[int, str]] = []
    count = sum(1 for _ in records(io.BytesIO(bomb), lambda packet, what: said.append((packet, what))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 100 < count < 1000
    assert said[0][0] == count
    assert len(said) == 1
    assert "limit reached, inflated_ratio" in said[0][1]
    assert peak < 16 * MIB


def test_zstandard_without_its_library_is_said_not_skipped(monkeypatch):
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(decompressed, "import_module", missing)
    found, said = read(b"\x28\xb5\x2f\xfd" + bytes(20))
    assert found == []
    assert "asepsis[extract]" in said[0][1]


# --- streams -------------------------------------------------------------------------------------------------


def test_a_live_stream_gives_each_packet_as_soon_as_it_is_there():
    reading, writing = os.pipe()
    made = frames.pcap(*PACKETS)
    with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb", buffering=0) as into:
        into.write(made[:24])
        found = records(stream, lambda packet, what: pytest.fail(what))
        place = 24
        for data in PACKETS:
            timer = threading.Timer(0.01, into.write, [made[place : place + 16 + len(data)]])
            timer.start()
            assert next(found).data == data  # would wait for ever if it wanted more than this packet
            timer.join()
            place += 16 + len(data)


class InDrops(io.RawIOBase):
    """A stream that gives a few bytes at a time, and cannot be rewound."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = data, size

    def read(self, size: int = -1) -> bytes:
        drop, self.data = self.data[: self.size], self.data[self.size :]
        return drop


@pytest.mark.parametrize("size", [1, 3, 17])
def test_however_a_stream_is_cut_into_pieces_the_records_are_the_same(size: int):
    ng = frames.section() + frames.interface() + b"".join(frames.enhanced(data, 1) for data in PACKETS)
    for made in (frames.pcap(*PACKETS), ng, gzip.compress(ng, mtime=0)):
        assert list(records(InDrops(made, size), lambda packet, what: pytest.fail(what))) == whole(made)


def test_memory_does_not_grow_with_the_capture():
    packets = frames.pcap(bytes(1400))[24:] * 700
    head = frames.pcap()

    class Endless(io.RawIOBase):
        left = 60

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            return head if self.left == 59 else packets if self.left > 0 else b""

    tracemalloc.start()
    count = sum(1 for _ in records(Endless(), lambda packet, what: pytest.fail(what)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 58 * 700
    assert peak < 8 * MIB


# --- hostile -------------------------------------------------------------------------------------------------

SAMPLES = (
    frames.pcap(*PACKETS, b"x" * 300),
    frames.section()
    + frames.interface(1, frames.option(9, b"\x09"))
    + frames.block(4, frames.option(1, frames.A4 + b"a\0"))
    + frames.enhanced(b"p", 9),
    gzip.compress(frames.pcap(*PACKETS), mtime=0),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=["pcap", "pcapng", "gzip"])
def test_no_corruption_raises_anything(sample: bytes):
    dice = random.Random(5)
    for _ in range(1500):
        made = bytearray(sample)
        for _ in range(dice.randrange(1, 4)):
            made[dice.randrange(len(made))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        found, said = read(bytes(made))
        assert len(found) <= 400
        assert all(isinstance(packet, int) and what for packet, what in said)


@pytest.mark.parametrize("sample", SAMPLES, ids=["pcap", "pcapng", "gzip"])
def test_no_truncation_raises_anything(sample: bytes):
    for cut in range(len(sample)):
        read(sample[:cut])


def test_a_compressed_stream_that_is_broken_from_the_start_is_said():
    assert read(b"\x1f\x8b\x08" + b"\xff" * 40)[1] == [(0, "the rest of the capture was not read: the compressed stream is broken")]
