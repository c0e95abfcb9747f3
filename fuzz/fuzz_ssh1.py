"""Fuzz the reader ``ssh1``: ``python fuzz/fuzz_ssh1.py`` (with atheris), or ``python fuzz/run.py ssh1``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.ssh1 import Ssh1Reader

TestOneInput = pattern_target(Ssh1Reader())

if __name__ == "__main__":
    main(TestOneInput)
