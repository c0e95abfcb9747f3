"""Fuzz the decoder of TFTP: ``python fuzz/fuzz_wire_tftp.py`` (with atheris), or ``python fuzz/run.py wire_tftp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_tftp import CLIENT, READ, WRITE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.tftp import TftpDecoder

SEEDS = seeds([(CLIENT, READ)], [(CLIENT, WRITE)])
TestOneInput = decoder_target(TftpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
