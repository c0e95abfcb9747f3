"""Fuzz the reader ``securetty``: ``python fuzz/fuzz_securetty.py`` (with atheris), or ``python fuzz/run.py securetty``."""

from harness import file_target, main

from asepsis.evidence.readers.config.securetty import SecurettyReader

TestOneInput = file_target(SecurettyReader())

if __name__ == "__main__":
    main(TestOneInput)
