"""Fuzz the reader ``debug_lock``: ``python fuzz/fuzz_debug_lock.py`` (with atheris), or ``python fuzz/run.py debug_lock``."""

from harness import file_target, main

from asepsis.evidence.readers.embedded.debug_lock import DebugLockReader

_TARGETS = [
    file_target(DebugLockReader(), f"image-{address:08x}.bin")
    for address in (0x1000_1208, 0x1000_1200, 0x1FFF_F800, 0x1FFF_C000, 0x1FFF_7800, 0x1FF8_0000)
]
SEEDS = (b"\x5a\xff\xff\xff", bytes(8) + b"\x5a\xff\xff\xff", b"\xa5\x5a\xff\x00", b"\xff\xaa\xff\xff", b"\xaa\xf8\xff\xff", b"\xbb\x00\x44\xff")


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes at the address of every maker's lock."""
    for target in _TARGETS:
        target(data)


if __name__ == "__main__":
    main(TestOneInput)
