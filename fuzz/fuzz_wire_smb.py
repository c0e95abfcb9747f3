"""Fuzz the decoder of SMB: ``python fuzz/fuzz_wire_smb.py`` (with atheris), or ``python fuzz/run.py wire_smb``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_smb import CLIENT, DIALOGUE, SERVER, SMB1, log_in, smb2
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.smb import SmbDecoder

SEEDS = seeds(DIALOGUE[:2], [(SERVER, SMB1)], [(CLIENT, smb2(1, bytes(24) + log_in("engineer")))])
TestOneInput = decoder_target(SmbDecoder())

if __name__ == "__main__":
    main(TestOneInput)
