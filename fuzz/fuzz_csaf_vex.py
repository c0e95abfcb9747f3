"""Fuzz the reader ``csaf_vex``: ``python fuzz/fuzz_csaf_vex.py`` (with atheris), or ``python fuzz/run.py csaf_vex``."""

from harness import file_target, main

from asepsis.evidence.readers.advisories.csaf_vex import CsafVexReader

TestOneInput = file_target(CsafVexReader())

if __name__ == "__main__":
    main(TestOneInput)
