"""Fuzz the reader ``uimage``: ``python fuzz/fuzz_uimage.py`` (with atheris), or ``python fuzz/run.py uimage``."""

from harness import file_target, main

from asepsis.evidence.readers.firmware.uimage import UImageReader

TestOneInput = file_target(UImageReader())

if __name__ == "__main__":
    main(TestOneInput)
