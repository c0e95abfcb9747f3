"""Fuzz the reader ``rsyncd``: ``python fuzz/fuzz_rsyncd.py`` (with atheris), or ``python fuzz/run.py rsyncd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.rsyncd import RsyncdReader

TestOneInput = file_target(RsyncdReader())

if __name__ == "__main__":
    main(TestOneInput)
