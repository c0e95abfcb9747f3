"""Fuzz the reader ``cupsd``: ``python fuzz/fuzz_cupsd.py`` (with atheris), or ``python fuzz/run.py cupsd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.cupsd import CupsdReader

TestOneInput = file_target(CupsdReader())

if __name__ == "__main__":
    main(TestOneInput)
