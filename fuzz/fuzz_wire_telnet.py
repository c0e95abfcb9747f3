"""Fuzz the decoder of Telnet: ``python fuzz/fuzz_wire_telnet.py`` (with atheris), or ``python fuzz/run.py wire_telnet``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_telnet import DIALOGUE, EMPTY
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.telnet import TelnetDecoder

SEEDS = seeds(DIALOGUE, EMPTY)
TestOneInput = decoder_target(TelnetDecoder())

if __name__ == "__main__":
    main(TestOneInput)
