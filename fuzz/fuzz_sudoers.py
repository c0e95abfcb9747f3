"""Fuzz the reader ``sudoers``: ``python fuzz/fuzz_sudoers.py`` (with atheris), or ``python fuzz/run.py sudoers``."""

from harness import file_target, main

from asepsis.evidence.readers.config.sudoers import SudoersReader

TestOneInput = file_target(SudoersReader())

if __name__ == "__main__":
    main(TestOneInput)
