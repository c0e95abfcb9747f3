"""Fuzz the reader ``ufw``: ``python fuzz/fuzz_ufw.py`` (with atheris), or ``python fuzz/run.py ufw``."""

from harness import file_target, main

from asepsis.evidence.readers.config.ufw import UfwReader

TestOneInput = file_target(UfwReader())

if __name__ == "__main__":
    main(TestOneInput)
