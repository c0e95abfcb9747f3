"""Fuzz the reader ``cyclonedx_vex``: ``python fuzz/fuzz_cyclonedx_vex.py`` (with atheris), or ``python fuzz/run.py cyclonedx_vex``."""

from harness import file_target, main

from asepsis.evidence.readers.advisories.cyclonedx_vex import CyclonedxVexReader

TestOneInput = file_target(CyclonedxVexReader())

if __name__ == "__main__":
    main(TestOneInput)
