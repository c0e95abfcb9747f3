"""Fuzz the decoder of SSH: ``python fuzz/fuzz_wire_ssh.py`` (with atheris), or ``python fuzz/run.py wire_ssh``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ssh import DIALOGUE
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ssh import SshDecoder

SEEDS = seeds(DIALOGUE)
TestOneInput = decoder_target(SshDecoder())

if __name__ == "__main__":
    main(TestOneInput)
