"""Fuzz the reader ``added_keys``: ``python fuzz/fuzz_added_keys.py`` (with atheris), or ``python fuzz/run.py added_keys``."""

from harness import file_target, main

from asepsis.evidence.readers.keys.added_keys import AddedKeysReader

TestOneInput = file_target(AddedKeysReader())

if __name__ == "__main__":
    main(TestOneInput)
