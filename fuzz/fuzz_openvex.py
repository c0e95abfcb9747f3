"""Fuzz the reader ``openvex``: ``python fuzz/fuzz_openvex.py`` (with atheris), or ``python fuzz/run.py openvex``."""

from harness import file_target, main

from asepsis.evidence.readers.advisories.openvex import OpenvexReader

TestOneInput = file_target(OpenvexReader())

if __name__ == "__main__":
    main(TestOneInput)
