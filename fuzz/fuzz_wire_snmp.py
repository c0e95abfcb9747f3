"""Fuzz the decoder of SNMP: ``python fuzz/fuzz_wire_snmp.py`` (with atheris), or ``python fuzz/run.py wire_snmp``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_snmp import CLIENT, DIALOGUE, SETTING, version_3
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.snmp import SnmpDecoder

SEEDS = seeds(DIALOGUE, SETTING, [(CLIENT, version_3(5))])
TestOneInput = decoder_target(SnmpDecoder())

if __name__ == "__main__":
    main(TestOneInput)
