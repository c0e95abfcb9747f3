"""Fuzz the reader ``jwk``: ``python fuzz/fuzz_jwk.py`` (with atheris), or ``python fuzz/run.py jwk``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.jwk import JwkReader

TestOneInput = pattern_target(JwkReader())

if __name__ == "__main__":
    main(TestOneInput)
