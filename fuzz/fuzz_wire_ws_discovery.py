"""Fuzz the decoder of WS-Discovery: ``python fuzz/fuzz_wire_ws_discovery.py`` (with atheris), or ``python fuzz/run.py wire_ws_discovery``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ws_discovery import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ws_discovery import WsDiscoveryDecoder

SEEDS = seeds(DIALOGUE, *([said] for said in DIALOGUE))
TestOneInput = decoder_target(WsDiscoveryDecoder())

if __name__ == "__main__":
    main(TestOneInput)
