"""Fuzz the reader ``gnupg``: ``python fuzz/fuzz_gnupg.py`` (with atheris), or ``python fuzz/run.py gnupg``."""

from harness import file_target, main
from tests.unit.evidence.test_gnupg import CARD, EXTENDED, PATH, PROTECTED, RSA

from asepsis.evidence.readers.keys.gnupg import GnupgReader

TestOneInput = file_target(GnupgReader(), PATH)
SEEDS = (RSA, PROTECTED, CARD, EXTENDED)

if __name__ == "__main__":
    main(TestOneInput)
