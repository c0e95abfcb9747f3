"""Fuzz the decoder of WireGuard: ``python fuzz/fuzz_wire_wireguard.py`` (with atheris), or ``python fuzz/run.py wire_wireguard``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_wireguard import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.wireguard import WireguardDecoder

SEEDS = seeds(DIALOGUE)
ONLY_PROBLEMS = "what is in the tunnel is sealed: that it is there is told, and nothing of what is said"
TestOneInput = decoder_target(WireguardDecoder())

if __name__ == "__main__":
    main(TestOneInput)
