"""Fuzz the decoder of IKE: ``python fuzz/fuzz_wire_ike.py`` (with atheris), or ``python fuzz/run.py wire_ike``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ike import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ike import IkeDecoder

SEEDS = seeds(DIALOGUE)
ONLY_PROBLEMS = "what is in the tunnel is sealed: that it is there is told, and nothing of what is said"
TestOneInput = decoder_target(IkeDecoder())

if __name__ == "__main__":
    main(TestOneInput)
