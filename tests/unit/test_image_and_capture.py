"""Software and traffic in one study: the password that the image keeps is known again where it crosses the network, and never shown."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from asepsis import assess
from asepsis.model.study import Study
from tests.unit.evidence.wire.frames import A4, B4, ethernet, pcap

SECRET = "Zq7-drip"
DIALOGUE = (
    (False, b"220 (vsFTPd 2.3.4)\r\n"),
    (True, b"USER service\r\n"),
    (False, b"331 Please specify the password.\r\n"),
    (True, b"PASS Zq7-drip\r\n"),
    (False, b"230 Login successful.\r\n"),
)


def segment(ours: bool, seq: int, ack: int, flags: int, data: bytes) -> bytes:
    """From the gateway (10.0.0.1) to the pump's FTP server (10.0.0.2), or back."""
    ports, ends = ((40_000, 21), A4 + B4) if ours else ((21, 40_000), B4 + A4)
    tcp = struct.pack(">HHIIBBHHH", *ports, seq, ack, 5 << 4, flags, 8192, 0, 0) + data
    return ethernet(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 7, 0, 64, 6, 0) + ends + tcp)


def capture(path: Path) -> Path:
    numbers = {True: 1000, False: 5000}
    packets = [segment(True, 999, 0, 0x02, b""), segment(False, 4999, 1000, 0x12, b"")]
    for ours, data in DIALOGUE:
        packets.append(segment(ours, numbers[ours], numbers[not ours], 0x18, data))
        numbers[ours] += len(data)
    path.write_bytes(pcap(*packets))
    return path


@pytest.fixture
def study(tmp_path: Path) -> Study:
    root = tmp_path / "rootfs"
    (root / "etc/init.d").mkdir(parents=True)
    (root / "etc/init.d/update").write_text(f"#!/bin/sh\ncurl -u service:{SECRET} ftp://10.0.0.2/update.bin -o /tmp/update.bin\n")
    return assess(f"dir:{root}", f"pcap:{capture(tmp_path / 'ward.pcap')}")


def test_one_password_in_the_image_and_on_the_wire(study: Study):
    (heard,) = [finding for finding in study.findings if finding.rule == "password_sent_in_clear"]
    assert heard.locations[0].packet == 6
    assert any("it is the secret that the software keeps" in fact for fact in heard.facts)


def test_neither_is_shown(study: Study):
    assert SECRET not in repr(study)
