"""Fuzz the decoder of IEEE 11073: ``python fuzz/fuzz_wire_personal_health.py`` (with atheris), or ``python fuzz/run.py wire_personal_health``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_personal_health import WARD
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.personal_health import PersonalHealthDecoder

SEEDS = seeds(WARD)
TestOneInput = decoder_target(PersonalHealthDecoder())

if __name__ == "__main__":
    main(TestOneInput)
