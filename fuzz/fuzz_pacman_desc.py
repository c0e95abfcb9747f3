"""Fuzz the reader ``pacman_desc``: ``python fuzz/fuzz_pacman_desc.py`` (with atheris), or ``python fuzz/run.py pacman_desc``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.pacman_desc import PacmanDescReader

TestOneInput = file_target(PacmanDescReader())

if __name__ == "__main__":
    main(TestOneInput)
