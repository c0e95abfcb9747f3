"""Fuzz the reader ``device_tree``: ``python fuzz/fuzz_device_tree.py`` (with atheris), or ``python fuzz/run.py device_tree``."""

import struct

from harness import main, pattern_target
from tests.unit.evidence.test_device_tree import chosen

from asepsis.evidence.readers.embedded.device_tree import DeviceTreeReader

_FEED = pattern_target(DeviceTreeReader())
SEEDS = (chosen(b"console=ttyAMA0,115200 rdinit=/bin/sh"), b"kernel" + chosen(b"console=ttyS0 root=/dev/mmcblk0p2"))


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as the structure of a tree whose one name is ``bootargs``."""
    _FEED(data)
    structure = b"\0\0\0\1chosen\0\0" + data
    _FEED(struct.pack(">10I", 0xD00DFEED, 60 + len(structure), 60, 40, 0, 17, 16, 0, 9, len(structure)) + b"bootargs".ljust(20, b"\0") + structure)


if __name__ == "__main__":
    main(TestOneInput)
