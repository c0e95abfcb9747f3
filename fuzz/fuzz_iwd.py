"""Fuzz the reader ``iwd``: ``python fuzz/fuzz_iwd.py`` (with atheris), or ``python fuzz/run.py iwd``."""

from harness import file_target, main

from asepsis.evidence.readers.network.iwd import IwdReader

TestOneInput = file_target(IwdReader())

if __name__ == "__main__":
    main(TestOneInput)
