"""Fuzz the reader ``nordic_dfu``: ``python fuzz/fuzz_nordic_dfu.py`` (with atheris), or ``python fuzz/run.py nordic_dfu``."""

from harness import file_target, main

from asepsis.evidence.readers.update.nordic_dfu import NordicDfuReader

TestOneInput = file_target(NordicDfuReader())

if __name__ == "__main__":
    main(TestOneInput)
