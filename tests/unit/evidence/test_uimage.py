"""U-Boot image headers."""

from __future__ import annotations

import struct
import zlib

import pytest

from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers.firmware.uimage import UImageReader
from asepsis.guard.source import OutOfBounds
from asepsis.model.facts import OperatingSystem
from asepsis.model.where import Where
from tests.unit.evidence.reading import read_file


def header(name: bytes, kind: int = 5) -> bytes:
    plain = struct.pack(">7I4B32s", 0x27051956, 0, 1_500_000_000, 100, 0x8000, 0x8000, 0, kind, 2, 2, 0, name)
    return plain[:4] + struct.pack(">I", zlib.crc32(plain)) + plain[8:]


def test_the_name_says_which_kernel_it_is():
    assert read_file(UImageReader(), header(b"OpenWrt Linux-4.14.95") + bytes(100), "fw.bin") == [
        OperatingSystem(Where("e1", "fw.bin", 32), "Linux", "4.14.95", "linux")
    ]


@pytest.mark.parametrize("data", [header(b"root file system"), header(b"Linux-4.14.95", kind=17), b"PK\3\4" + bytes(80)])
def test_another_name_kind_or_format_says_nothing(data: bytes):
    assert read_file(UImageReader(), data, "fw.bin") == []


def test_a_wrong_checksum_is_a_broken_header():
    data = bytearray(header(b"Linux-4.14.95"))
    data[40] ^= 1
    with pytest.raises(Malformed, match="checksum"):
        read_file(UImageReader(), bytes(data), "fw.bin")


def test_a_header_cut_short_is_out_of_bounds():
    with pytest.raises(OutOfBounds):
        read_file(UImageReader(), header(b"x")[:40], "fw.bin")
