"""Fuzz the reader ``windows_keys``: ``python fuzz/fuzz_windows_keys.py`` (with atheris), or ``python fuzz/run.py windows_keys``."""

from harness import main, pattern_target

from asepsis.evidence.readers.keys.windows_keys import WindowsKeysReader

TestOneInput = pattern_target(WindowsKeysReader())

if __name__ == "__main__":
    main(TestOneInput)
