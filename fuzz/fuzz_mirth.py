"""Fuzz the reader ``mirth``: ``python fuzz/fuzz_mirth.py`` (with atheris), or ``python fuzz/run.py mirth``."""

from harness import file_target, main

from asepsis.evidence.readers.config.mirth import MirthReader

TestOneInput = file_target(MirthReader())

if __name__ == "__main__":
    main(TestOneInput)
