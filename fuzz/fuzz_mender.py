"""Fuzz the reader ``mender``: ``python fuzz/fuzz_mender.py`` (with atheris), or ``python fuzz/run.py mender``."""

from harness import file_target, main

from asepsis.evidence.readers.update.mender import MenderReader

TestOneInput = file_target(MenderReader())

if __name__ == "__main__":
    main(TestOneInput)
