"""Fuzz the reader ``windows_keys``: ``python fuzz/fuzz_windows_keys.py`` (with atheris), or ``python fuzz/run.py windows_keys``."""

from harness import main, pattern_target
from tests.unit.evidence.test_key_files import windows_blob, windows_xml

from asepsis.evidence.readers.keys.windows_keys import WindowsKeysReader

TestOneInput = pattern_target(WindowsKeysReader())
SEEDS = (windows_blob(), windows_xml(private=True))

if __name__ == "__main__":
    main(TestOneInput)
