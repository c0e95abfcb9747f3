"""Fuzz the decoder of LDAP: ``python fuzz/fuzz_wire_ldap.py`` (with atheris), or ``python fuzz/run.py wire_ldap``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_ldap import DIALOGUE, PROTECTED
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.ldap import LdapDecoder

SEEDS = seeds(DIALOGUE, PROTECTED)
TestOneInput = decoder_target(LdapDecoder())

if __name__ == "__main__":
    main(TestOneInput)
