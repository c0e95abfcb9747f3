"""Fuzz the decoder of SMTP: ``python fuzz/fuzz_wire_smtp.py`` (with atheris), or ``python fuzz/run.py wire_smtp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_smtp import DIALOGUE, PROTECTED
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.smtp import SmtpDecoder

SEEDS = seeds(DIALOGUE, PROTECTED)
TestOneInput = decoder_target(SmtpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
