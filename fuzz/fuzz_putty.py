"""Fuzz the reader ``putty``: ``python fuzz/fuzz_putty.py`` (with atheris), or ``python fuzz/run.py putty``."""

from harness import main, pattern_target
from tests.unit.evidence.made_keys import EC, ED, RSA
from tests.unit.evidence.test_key_files import ppk

from asepsis.evidence.readers.keys.putty import PuttyReader

TestOneInput = pattern_target(PuttyReader())
SEEDS = (ppk(ED, 2), ppk(ED, 3), ppk(EC, 3, encryption="aes256-cbc"), ppk(RSA, 2))

if __name__ == "__main__":
    main(TestOneInput)
