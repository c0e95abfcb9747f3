"""Fuzz the reader ``nvram``: ``python fuzz/fuzz_nvram.py`` (with atheris), or ``python fuzz/run.py nvram``."""

from harness import file_target, main

from asepsis.evidence.readers.config.nvram import NvramReader

TestOneInput = file_target(NvramReader())

if __name__ == "__main__":
    main(TestOneInput)
