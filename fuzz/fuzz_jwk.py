"""Fuzz the reader ``jwk``: ``python fuzz/fuzz_jwk.py`` (with atheris), or ``python fuzz/run.py jwk``."""

import json

from harness import main, pattern_target
from tests.unit.evidence.test_key_files import jwks

from asepsis.evidence.readers.keys.jwk import JwkReader

TestOneInput = pattern_target(JwkReader())
SEEDS = tuple(json.dumps({"keys": [parts]}).encode() for _, parts in jwks().values())

if __name__ == "__main__":
    main(TestOneInput)
