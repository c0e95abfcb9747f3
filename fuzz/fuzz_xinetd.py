"""Fuzz the reader ``xinetd``: ``python fuzz/fuzz_xinetd.py`` (with atheris), or ``python fuzz/run.py xinetd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.xinetd import XinetdReader

TestOneInput = file_target(XinetdReader())

if __name__ == "__main__":
    main(TestOneInput)
