"""Fuzz the decoder of TLS: ``python fuzz/fuzz_wire_tls.py`` (with atheris), or ``python fuzz/run.py wire_tls``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_tls import REFUSED, VERSION_1_2, VERSION_1_3
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.tls import TlsDecoder

SEEDS = seeds(VERSION_1_2, VERSION_1_3, REFUSED)
TestOneInput = decoder_target(TlsDecoder())

if __name__ == "__main__":
    main(TestOneInput)
