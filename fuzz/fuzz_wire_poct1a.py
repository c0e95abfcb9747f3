"""Fuzz the decoder of POCT1-A: ``python fuzz/fuzz_wire_poct1a.py`` (with atheris), or ``python fuzz/run.py wire_poct1a``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_poct1a import WARD
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.poct1a import Poct1aDecoder

SEEDS = seeds(WARD)
TestOneInput = decoder_target(Poct1aDecoder())

if __name__ == "__main__":
    main(TestOneInput)
