"""Fuzz the reader ``broadcom_nvram``: ``python fuzz/fuzz_broadcom_nvram.py`` (with atheris), or ``python fuzz/run.py broadcom_nvram``."""

import struct

from harness import main, pattern_target
from tests.unit.evidence.test_broadcom_nvram import SETTINGS, partition

from asepsis.evidence.readers.embedded.broadcom_nvram import BroadcomNvramReader

_FEED = pattern_target(BroadcomNvramReader())
SEEDS = (partition(*SETTINGS), b"\xff\xff\xff" + partition(*SETTINGS, order=">"), partition(*SETTINGS)[:-20])


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as a partition with its header."""
    _FEED(data)
    body = b"wl0_ssid=a\0wl0_wpa_psk=" + data.replace(b"\n", b"\0")
    _FEED(struct.pack("<4sI12x", b"FLSH", 20 + len(body)) + body)


if __name__ == "__main__":
    main(TestOneInput)
