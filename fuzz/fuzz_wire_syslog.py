"""Fuzz the decoder of syslog: ``python fuzz/fuzz_wire_syslog.py`` (with atheris), or ``python fuzz/run.py wire_syslog``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_syslog import CLIENT, NEW, OLD
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.syslog import SyslogDecoder

SEEDS = seeds([(CLIENT, NEW)], [(CLIENT, OLD)])
TestOneInput = decoder_target(SyslogDecoder())

if __name__ == "__main__":
    main(TestOneInput)
