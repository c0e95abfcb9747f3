"""Fuzz the reader ``compared_secrets``: ``python fuzz/fuzz_compared_secrets.py`` (with atheris), or ``python fuzz/run.py compared_secrets``."""

from harness import main, pattern_target
from tests.unit.evidence.test_compared_secrets import PROGRAMS

from asepsis.evidence.readers.programs.compared_secrets import ComparedSecretsReader

TestOneInput = pattern_target(ComparedSecretsReader())
SEEDS = tuple(PROGRAMS[name] for name in sorted(PROGRAMS))

if __name__ == "__main__":
    main(TestOneInput)
