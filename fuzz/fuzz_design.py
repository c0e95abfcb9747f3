"""Fuzz the reader ``design``: ``python fuzz/fuzz_design.py`` (with atheris), or ``python fuzz/run.py design``."""

from harness import file_target, main

from asepsis.evidence.readers.designs.design import DesignReader

TestOneInput = file_target(DesignReader())

if __name__ == "__main__":
    main(TestOneInput)
