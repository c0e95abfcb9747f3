"""Fuzz the reader ``java_keystore``: ``python fuzz/fuzz_java_keystore.py`` (with atheris), or ``python fuzz/run.py java_keystore``."""

from harness import main, pattern_target
from tests.unit.evidence.test_key_files import bks, jks

from asepsis.evidence.readers.keys.java_keystore import JavaKeystoreReader

TestOneInput = pattern_target(JavaKeystoreReader())
SEEDS = (jks("changeit", "changeit"), jks("changeit", "changeit", magic=b"\xce\xce\xce\xce"), bks("changeit", 1), bks("changeit", 2))

if __name__ == "__main__":
    main(TestOneInput)
