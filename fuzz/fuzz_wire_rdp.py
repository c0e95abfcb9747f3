"""Fuzz the decoder of RDP: ``python fuzz/fuzz_wire_rdp.py`` (with atheris), or ``python fuzz/run.py wire_rdp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_rdp import OLD, PROTECTED
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.rdp import RdpDecoder

SEEDS = seeds(OLD, PROTECTED)
TestOneInput = decoder_target(RdpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
