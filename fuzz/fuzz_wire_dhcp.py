"""Fuzz the decoder of DHCP: ``python fuzz/fuzz_wire_dhcp.py`` (with atheris), or ``python fuzz/run.py wire_dhcp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_dhcp import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.dhcp import DhcpDecoder

SEEDS = seeds(DIALOGUE)
TestOneInput = decoder_target(DhcpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
