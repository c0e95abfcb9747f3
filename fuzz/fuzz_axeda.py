"""Fuzz the reader ``axeda``: ``python fuzz/fuzz_axeda.py`` (with atheris), or ``python fuzz/run.py axeda``."""

from harness import file_target, main

from asepsis.evidence.readers.config.axeda import AxedaReader

TestOneInput = file_target(AxedaReader())

if __name__ == "__main__":
    main(TestOneInput)
