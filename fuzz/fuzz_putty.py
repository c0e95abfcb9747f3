"""Fuzz the reader ``putty``: ``python fuzz/fuzz_putty.py`` (with atheris), or ``python fuzz/run.py putty``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.putty import PuttyReader

TestOneInput = pattern_target(PuttyReader())

if __name__ == "__main__":
    main(TestOneInput)
