"""Fuzz the reader ``connman``: ``python fuzz/fuzz_connman.py`` (with atheris), or ``python fuzz/run.py connman``."""

from harness import file_target, main

from asepsis.evidence.readers.network.connman import ConnmanReader

TestOneInput = file_target(ConnmanReader())

if __name__ == "__main__":
    main(TestOneInput)
