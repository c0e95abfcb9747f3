"""Fuzz the decoder of HTTP: ``python fuzz/fuzz_wire_http.py`` (with atheris), or ``python fuzz/run.py wire_http``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_http import DIALOGUE, LOGINS
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.http import HttpDecoder

SEEDS = seeds(DIALOGUE, LOGINS)
TestOneInput = decoder_target(HttpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
