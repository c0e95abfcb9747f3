"""Fuzz the reader ``uimage``: ``python fuzz/fuzz_uimage.py`` (with atheris), or ``python fuzz/run.py uimage``."""

import struct
import zlib

from harness import file_target, main
from tests.unit.evidence.test_uimage import header

from asepsis.evidence.readers.firmware.uimage import UImageReader

_FEED = file_target(UImageReader(), "fw.bin")
SEEDS = (header(b"OpenWrt Linux-4.14.95") + bytes(100), header(b"root file system", kind=3))


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and with the checksum that their header needs."""
    _FEED(data)
    _FEED(data[:4] + struct.pack(">I", zlib.crc32(data[:4] + bytes(4) + data[8:64])) + data[8:])


if __name__ == "__main__":
    main(TestOneInput)
