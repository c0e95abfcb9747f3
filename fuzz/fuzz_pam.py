"""Fuzz the reader ``pam``: ``python fuzz/fuzz_pam.py`` (with atheris), or ``python fuzz/run.py pam``."""

from harness import file_target, main

from asepsis.evidence.readers.config.pam import PamReader

TestOneInput = file_target(PamReader())

if __name__ == "__main__":
    main(TestOneInput)
