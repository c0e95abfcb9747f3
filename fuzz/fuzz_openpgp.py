"""Fuzz the reader ``openpgp``: ``python fuzz/fuzz_openpgp.py`` (with atheris), or ``python fuzz/run.py openpgp``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.openpgp import OpenpgpReader

TestOneInput = pattern_target(OpenpgpReader())

if __name__ == "__main__":
    main(TestOneInput)
