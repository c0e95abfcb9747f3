"""Fuzz the decoder of VNC: ``python fuzz/fuzz_wire_vnc.py`` (with atheris), or ``python fuzz/run.py wire_vnc``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_vnc import DIALOGUE, OLD_CLIENT, PASSWORD
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.vnc import VncDecoder

SEEDS = seeds(DIALOGUE, PASSWORD, OLD_CLIENT)
TestOneInput = decoder_target(VncDecoder())

if __name__ == "__main__":
    main(TestOneInput)
