"""Fuzz the reader ``nologin``: ``python fuzz/fuzz_nologin.py`` (with atheris), or ``python fuzz/run.py nologin``."""

from harness import file_target, main

from asepsis.evidence.readers.config.nologin import NologinReader

TestOneInput = file_target(NologinReader())

if __name__ == "__main__":
    main(TestOneInput)
