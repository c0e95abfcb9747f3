"""Fuzz the reader ``inetd``: ``python fuzz/fuzz_inetd.py`` (with atheris), or ``python fuzz/run.py inetd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.inetd import InetdReader

TestOneInput = file_target(InetdReader())

if __name__ == "__main__":
    main(TestOneInput)
