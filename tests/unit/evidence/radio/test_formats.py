"""Recordings in every format say the same, whatever is broken in them is said with its record, and the rest is read."""

from __future__ import annotations

import struct
import zipfile
import zlib
from base64 import b64encode
from pathlib import Path

import pytest

from asepsis.evidence.artefacts import parse
from asepsis.evidence.read import read
from asepsis.guard.limits import Limits
from asepsis.model.evidence import EvidenceKind
from asepsis.model.facts import AttributeAccess, RadioConnection
from tests.unit.evidence.radio.made import (
    PUMP,
    RECEIVED,
    SENT,
    Piece,
    Seen,
    btsnoop,
    connected,
    disconnected,
    discovered,
    flat,
    own_address,
    record,
    session,
    write,
)

SESSION = flat([own_address(), connected(), discovered(0x183A, (0x10, 0x28, 0x2B25)), write(0x10, b"\x4b\x11rest"), disconnected()])
KINDS = {b"\x01": {SENT: 0}, b"\x04": {RECEIVED: 1}, b"\x02": {SENT: 2, RECEIVED: 3}}


def packet_logger(pieces: list[Piece], order: str) -> bytes:
    out = b""
    for number, (way, packet) in enumerate(pieces):
        out += struct.pack(order + "IIIB", len(packet) + 8, 1_700_000_000 + number, 0, KINDS[packet[:1]][way]) + packet[1:]
    return out


def bug_report(pieces: list[Piece], version: int) -> bytes:
    out = b""
    for way, packet in pieces:
        kind = {b"\x01": 0x20, b"\x04": 0x10}.get(packet[:1], 0x21 if way == SENT else 0x11)
        whole = struct.pack("<H", len(packet)) if version == 2 else b""
        out += struct.pack("<H", len(packet)) + whole + struct.pack("<IB", 1_000_000, kind) + packet[1:]
    log = struct.pack("<BQ", version, 1_700_000_008_000_000) + zlib.compress(out)
    text = b64encode(log).decode()
    lines = "\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    begin, end = f"--- BEGIN:BTSNOOP_LOG_SUMMARY ({len(log)} bytes in) ---", "--- END:BTSNOOP_LOG_SUMMARY ---"
    return f"{'=' * 56}\n== dumpstate: 2026-11-25 10:00:00\n{'=' * 56}\n\nmuch else\n{begin}\n{lines}\n{end}\nmuch more\n".encode()


def pcap(link: int, packets: list[bytes]) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, link)
    return head + b"".join(struct.pack("<IIII", 1_700_000_000 + at, 0, len(one), len(one)) + one for at, one in enumerate(packets))


def monitor(pieces: list[Piece]) -> list[tuple[int, bytes]]:
    opcodes = {(b"\x01", SENT): 2, (b"\x04", RECEIVED): 3, (b"\x02", SENT): 4, (b"\x02", RECEIVED): 5}
    return [(opcodes[packet[:1], way], packet[1:]) for way, packet in pieces]


def monitor_log(pieces: list[Piece]) -> bytes:
    out = b"btsnoop\0" + struct.pack(">II", 1, 2001)
    for number, (opcode, body) in enumerate(monitor(pieces)):
        time = 0x00DCDDB30F2F8000 + (1_700_000_000 + number) * 1_000_000
        out += struct.pack(">IIIIQ", len(body), len(body), opcode, 0, time) + body
    return out


FORMATS = {
    "PacketLogger, most significant first": packet_logger(SESSION, ">"),
    "PacketLogger, least significant first": packet_logger(SESSION, "<"),
    "bug report, version 1": bug_report(SESSION, 1),
    "bug report, version 2": bug_report(SESSION, 2),
    "btsnoop without packet type": btsnoop(*SESSION, kind=1001),
    "Linux monitor": monitor_log(SESSION),
    "link type 201": pcap(201, [struct.pack(">I", way) + packet for way, packet in SESSION]),
    "link type 187": pcap(187, [packet for _, packet in SESSION]),
    "link type 254": pcap(254, [struct.pack(">HH", 0, opcode) + body for opcode, body in monitor(SESSION)]),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_the_same(name: str):
    seen, expected = Seen(FORMATS[name]), Seen(btsnoop(*SESSION))
    assert repr(list(seen)) == repr(list(expected))
    assert not seen.problems
    assert seen.traffic == expected.traffic


@pytest.mark.parametrize("name", [name for name in FORMATS if "link type" not in name])
def test_every_format_is_known_without_a_prefix(name: str, tmp_path: Path):
    (tmp_path / "log").write_bytes(FORMATS[name])
    assert parse(str(tmp_path / "log")).kind is EvidenceKind.BTSNOOP


SHORT = flat([own_address(), connected(), write(0x10, b"\x4b\x11")])
CUT = {
    "PacketLogger": packet_logger(SHORT, "<"),
    "bug report": bug_report(SHORT, 2)[57:],
    "btsnoop": btsnoop(*SHORT),
    "link type 201": pcap(201, [struct.pack(">I", way) + packet for way, packet in SHORT]),
}


@pytest.mark.parametrize("name", CUT)
def test_every_format_cut_anywhere_says_that_it_is_cut_or_what_it_holds(name: str):
    data = CUT[name]
    for end in range(len(data)):
        seen = Seen(data[:end])
        assert seen.problems or seen.traffic.packets or end in {16, 24}, end  # behind the file's head there need be no record
        assert all(problem.what.isprintable() for problem in seen.problems)


def test_a_lying_length_is_a_problem_with_its_record_and_the_rest_is_read():
    good = btsnoop(*SESSION)
    bad = bytearray(good)
    place = 16
    for _ in range(4):  # to the fifth record
        place += 24 + struct.unpack_from(">I", good, place + 4)[0]
    bad[place + 4 : place + 8] = b"\x7f\xff\xff\xff"
    seen = Seen(bytes(bad))
    assert [(problem.where.packet, "lie" in problem.what) for problem in seen.problems if problem.where] == [(5, True)]
    assert seen.one(AttributeAccess).operation == "write"


def test_lost_records_are_told_with_their_number():
    body = b"".join(record(way, packet, number, dropped=7 if number > 3 else 0) for number, (way, packet) in enumerate(SESSION))
    seen = Seen(b"btsnoop\0" + struct.pack(">II", 1, 1002) + body)
    assert [problem.what for problem in seen.problems] == ["7 records are missing before this one: the recorder could not keep up"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the recording is empty"),
        (b"nothing of the kind", "this is no recording"),
        (b"btsnoop\0" + struct.pack(">II", 1, 1003), "kind 1003 (BCSP) are not read"),
        (b"btsnoop\0\0\0", "ends in its file header"),
        (b"== dumpstate: 2026\n no log", "no log of Bluetooth traffic is in this bug report"),
    ],
)
def test_what_is_no_recording_says_so(data: bytes, what: str):
    assert any(what in problem.what for problem in Seen(data).problems)


def test_short_packets_are_complained_of_with_their_record_and_nothing_else_is_lost():
    broken = [(RECEIVED, b"\x04"), (RECEIVED, b"\x04\x3e\x02\x01"), (SENT, b"\x02\x40"), (RECEIVED, b"\x04\x08\x01\x00"), (SENT, b"\x01\x19\x20\x00")]
    seen = Seen(btsnoop(own_address(), connected(), *broken, discovered(0x183A, (0x10, 0x28, 0x2B25)), write(0x10, b"\x4b\x11"), disconnected()))
    assert {problem.where.packet for problem in seen.problems if problem.where} == {3, 4, 5, 6, 7}
    assert seen.one(AttributeAccess).command == "Set Bolus"


def test_an_archive_names_the_recording_in_it(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bugreport.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("FS/data/misc/bluetooth/logs/btsnoop_hci.log", session(*SESSION[2:-1]))
        archive.writestr("bugreport-phone.txt", bug_report(SESSION, 2))
        archive.writestr("screenshot.png", b"no recording")
    reading = read([f"btsnoop:{tmp_path / 'bugreport.zip'}"], limits=Limits(), digest_key=None, notice=lambda _: None)
    assert not reading.problems
    places = {fact.where.path for fact in reading.facts if isinstance(fact, RadioConnection)}
    assert places == {"bugreport.zip!FS/data/misc/bluetooth/logs/btsnoop_hci.log", "bugreport.zip!bugreport-phone.txt"}


def test_a_recording_is_evidence_and_says_what_it_is_worth(tmp_path: Path):
    (tmp_path / "phone.log").write_bytes(btsnoop(*SESSION))
    reading = read([str(tmp_path / "phone.log")], limits=Limits(), digest_key=None, notice=lambda _: None)
    assert any(isinstance(fact, AttributeAccess) and fact.device == PUMP for fact in reading.facts)
    assert (reading.coverage.packets, reading.coverage.packets_understood) == (len(SESSION), len(SESSION))
    looked = {entry.kind: entry.looked for entry in reading.looked_for}
    assert looked["AttributeAccess"]
    assert looked["RepeatedCommand"]
    assert not looked["TlsSession"]
    assert not looked["Account"]
    assert not looked["RadioLink"]


def test_a_capture_of_bluetooth_is_read_for_radio_and_not_for_networks(tmp_path: Path):
    (tmp_path / "air.pcap").write_bytes(FORMATS["link type 201"])
    reading = read([f"pcap:{tmp_path / 'air.pcap'}"], limits=Limits(), digest_key=None, notice=lambda _: None)
    assert any(isinstance(fact, AttributeAccess) for fact in reading.facts)
    assert (reading.coverage.packets, reading.coverage.packets_understood, reading.coverage.packets_left_out) == (len(SESSION), len(SESSION), ())
    looked = {entry.kind: entry.looked for entry in reading.looked_for}
    assert looked["AttributeAccess"]
    assert not looked["TlsSession"]
