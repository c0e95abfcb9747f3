"""Fuzz the reader ``supervised``: ``python fuzz/fuzz_supervised.py`` (with atheris), or ``python fuzz/run.py supervised``."""

from harness import file_target, main

from asepsis.evidence.readers.config.supervised import SupervisedReader

TestOneInput = file_target(SupervisedReader())

if __name__ == "__main__":
    main(TestOneInput)
