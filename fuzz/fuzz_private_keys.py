"""Fuzz the reader ``private_keys``: ``python fuzz/fuzz_private_keys.py`` (with atheris), or ``python fuzz/run.py private_keys``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.private_keys import PrivateKeysReader

TestOneInput = pattern_target(PrivateKeysReader())

if __name__ == "__main__":
    main(TestOneInput)
