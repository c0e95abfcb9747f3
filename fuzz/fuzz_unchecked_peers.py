"""Fuzz the reader ``unchecked_peers``: ``python fuzz/fuzz_unchecked_peers.py`` (with atheris), or ``python fuzz/run.py unchecked_peers``."""

from harness import main, pattern_target
from tests.unit.evidence.test_unchecked_peers import SIGNS

from asepsis.evidence.readers.firmware.unchecked_peers import UncheckedPeersReader

TestOneInput = pattern_target(UncheckedPeersReader())
SEEDS = tuple(f"one\n{line}\n".encode() for line in SIGNS)

if __name__ == "__main__":
    main(TestOneInput)
