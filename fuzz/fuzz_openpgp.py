"""Fuzz the reader ``openpgp``: ``python fuzz/fuzz_openpgp.py`` (with atheris), or ``python fuzz/run.py openpgp``."""

from harness import main, pattern_target
from tests.unit.evidence.test_key_files import PROTECTED, STUB, armour, pgp_number, pgp_packet

from asepsis.evidence.readers.keys.openpgp import OpenpgpReader

TestOneInput = pattern_target(OpenpgpReader())
OPEN = pgp_packet(b"\0" + pgp_number(7) * 4 + b"\0\0")
SEEDS = (OPEN, armour(OPEN), pgp_packet(PROTECTED), pgp_packet(STUB))

if __name__ == "__main__":
    main(TestOneInput)
