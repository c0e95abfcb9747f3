"""Fuzz the decoder of DNS, mDNS and LLMNR: ``python fuzz/fuzz_wire_names.py`` (with atheris), or ``python fuzz/run.py wire_names``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_names import CLIENT, QUESTION, REPLY, SERVER, SERVICES
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.names import NamesDecoder

SEEDS = seeds([(CLIENT, QUESTION), (SERVER, REPLY)], [(CLIENT, SERVICES)])
TestOneInput = decoder_target(NamesDecoder())

if __name__ == "__main__":
    main(TestOneInput)
