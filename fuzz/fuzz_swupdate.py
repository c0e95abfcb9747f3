"""Fuzz the reader ``swupdate``: ``python fuzz/fuzz_swupdate.py`` (with atheris), or ``python fuzz/run.py swupdate``."""

from harness import file_target, main

from asepsis.evidence.readers.update.swupdate import SwupdateReader

TestOneInput = file_target(SwupdateReader())

if __name__ == "__main__":
    main(TestOneInput)
