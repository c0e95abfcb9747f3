"""Fuzz the decoder of SSDP: ``python fuzz/fuzz_wire_ssdp.py`` (with atheris), or ``python fuzz/run.py wire_ssdp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ssdp import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ssdp import SsdpDecoder

SEEDS = seeds(DIALOGUE)
TestOneInput = decoder_target(SsdpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
