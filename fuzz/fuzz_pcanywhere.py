"""Fuzz the reader ``pcanywhere``: ``python fuzz/fuzz_pcanywhere.py`` (with atheris), or ``python fuzz/run.py pcanywhere``."""

from harness import file_target, main

from asepsis.evidence.readers.config.pcanywhere import PcanywhereReader

TestOneInput = file_target(PcanywhereReader())

if __name__ == "__main__":
    main(TestOneInput)
