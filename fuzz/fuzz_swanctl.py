"""Fuzz the reader ``swanctl``: ``python fuzz/fuzz_swanctl.py`` (with atheris), or ``python fuzz/run.py swanctl``."""

from harness import file_target, main

from asepsis.evidence.readers.network.swanctl import SwanctlReader

TestOneInput = file_target(SwanctlReader())

if __name__ == "__main__":
    main(TestOneInput)
