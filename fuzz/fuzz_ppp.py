"""Fuzz the reader ``ppp``: ``python fuzz/fuzz_ppp.py`` (with atheris), or ``python fuzz/run.py ppp``."""

from harness import file_target, main

from asepsis.evidence.readers.network.ppp import PppReader

TestOneInput = file_target(PppReader())

if __name__ == "__main__":
    main(TestOneInput)
