"""Fuzz the reader ``radius``: ``python fuzz/fuzz_radius.py`` (with atheris), or ``python fuzz/run.py radius``."""

from harness import file_target, main

from asepsis.evidence.readers.network.radius import RadiusReader

TestOneInput = file_target(RadiusReader())

if __name__ == "__main__":
    main(TestOneInput)
