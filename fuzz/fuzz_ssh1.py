"""Fuzz the reader ``ssh1``: ``python fuzz/fuzz_ssh1.py`` (with atheris), or ``python fuzz/run.py ssh1``."""

from harness import main, pattern_target
from tests.unit.evidence.made_keys import RSA
from tests.unit.evidence.test_key_files import ssh1_number

from asepsis.evidence.readers.keys.ssh1 import Ssh1Reader

TestOneInput = pattern_target(Ssh1Reader())
HEAD, NUMBERS = b"SSH PRIVATE KEY FILE FORMAT 1.1\n\0", RSA.public_key().public_numbers()
KEY = b"\0\0\0\0" + (1024).to_bytes(4, "big") + ssh1_number(NUMBERS.n) + ssh1_number(NUMBERS.e) + b"\0\0\0\2mesealed"
SEEDS = (HEAD + b"\0" + KEY, HEAD + b"\3" + KEY)

if __name__ == "__main__":
    main(TestOneInput)
