"""Fuzz the reader ``shared_preferences``: ``python fuzz/fuzz_shared_preferences.py`` (with atheris), or ``python fuzz/run.py shared_preferences``."""

from harness import file_target, main

from asepsis.evidence.readers.network.shared_preferences import SharedPreferencesReader

TestOneInput = file_target(SharedPreferencesReader())

if __name__ == "__main__":
    main(TestOneInput)
