"""Fuzz the reader ``nss_keys``: ``python fuzz/fuzz_nss_keys.py`` (with atheris), or ``python fuzz/run.py nss_keys``."""

from harness import file_target, main

from asepsis.evidence.readers.keys.nss_keys import NssKeysReader

TestOneInput = file_target(NssKeysReader())

if __name__ == "__main__":
    main(TestOneInput)
