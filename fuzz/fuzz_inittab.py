"""Fuzz the reader ``inittab``: ``python fuzz/fuzz_inittab.py`` (with atheris), or ``python fuzz/run.py inittab``."""

from harness import file_target, main

from asepsis.evidence.readers.config.inittab import InittabReader

TestOneInput = file_target(InittabReader())

if __name__ == "__main__":
    main(TestOneInput)
