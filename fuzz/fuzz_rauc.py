"""Fuzz the reader ``rauc``: ``python fuzz/fuzz_rauc.py`` (with atheris), or ``python fuzz/run.py rauc``."""

from harness import file_target, main

from asepsis.evidence.readers.update.rauc import RaucReader

TestOneInput = file_target(RaucReader())

if __name__ == "__main__":
    main(TestOneInput)
