"""Fuzz the reader ``authorized_keys``: ``python fuzz/fuzz_authorized_keys.py`` (with atheris), or ``python fuzz/run.py authorized_keys``."""

from harness import file_target, main

from asepsis.evidence.readers.keys.authorized_keys import AuthorizedKeysReader

TestOneInput = file_target(AuthorizedKeysReader())

if __name__ == "__main__":
    main(TestOneInput)
