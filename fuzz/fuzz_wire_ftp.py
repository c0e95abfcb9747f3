"""Fuzz the decoder of FTP: ``python fuzz/fuzz_wire_ftp.py`` (with atheris), or ``python fuzz/run.py wire_ftp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ftp import DIALOGUE, PROTECTED
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ftp import FtpDecoder

SEEDS = seeds(DIALOGUE, PROTECTED)
TestOneInput = decoder_target(FtpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
