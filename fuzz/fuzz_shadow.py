"""Fuzz the reader ``shadow``: ``python fuzz/fuzz_shadow.py`` (with atheris), or ``python fuzz/run.py shadow``."""

from harness import file_target, main

from asepsis.evidence.readers.config.shadow import ShadowReader

TestOneInput = file_target(ShadowReader())

if __name__ == "__main__":
    main(TestOneInput)
