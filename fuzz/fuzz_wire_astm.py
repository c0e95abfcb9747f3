"""Fuzz the decoder of ASTM (CLSI LIS01 and LIS02): ``python fuzz/fuzz_wire_astm.py`` (with atheris), or ``python fuzz/run.py wire_astm``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_astm import NAK, ORDERS, RESULTS, said
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.astm import AstmDecoder

SEEDS = seeds(said(RESULTS), said(ORDERS), said(ORDERS, NAK))
TestOneInput = decoder_target(AstmDecoder())

if __name__ == "__main__":
    main(TestOneInput)
