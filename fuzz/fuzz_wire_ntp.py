"""Fuzz the decoder of NTP: ``python fuzz/fuzz_wire_ntp.py`` (with atheris), or ``python fuzz/run.py wire_ntp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ntp import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ntp import NtpDecoder

SEEDS = seeds(DIALOGUE)
TestOneInput = decoder_target(NtpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
