"""Fuzz the reader ``my_cnf``: ``python fuzz/fuzz_my_cnf.py`` (with atheris), or ``python fuzz/run.py my_cnf``."""

from harness import file_target, main

from asepsis.evidence.readers.network.my_cnf import MyCnfReader

TestOneInput = file_target(MyCnfReader())

if __name__ == "__main__":
    main(TestOneInput)
