"""Fuzz the reader ``private_keys``: ``python fuzz/fuzz_private_keys.py`` (with atheris), or ``python fuzz/run.py private_keys``."""

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from harness import main, pattern_target
from tests.unit.evidence.made_keys import ED
from tests.unit.evidence.test_private_keys import RSA_ENCODINGS

from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader

TestOneInput = pattern_target(PrivateKeysReader())
SEEDS = (*RSA_ENCODINGS.values(), ED.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))

if __name__ == "__main__":
    main(TestOneInput)
