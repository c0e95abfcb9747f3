"""Fuzz the decoder of MLLP: ``python fuzz/fuzz_wire_mllp.py`` (with atheris), or ``python fuzz/run.py wire_mllp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_mllp import WARD
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.mllp import MllpDecoder

SEEDS = seeds(WARD)
TestOneInput = decoder_target(MllpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
