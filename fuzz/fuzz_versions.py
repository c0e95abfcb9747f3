"""Fuzz the reader ``versions``: ``python fuzz/fuzz_versions.py`` (with atheris), or ``python fuzz/run.py versions``."""

from harness import main, pattern_target
from tests.unit.evidence.test_pattern_readers import PRINTED

from asepsis.evidence.readers.firmware.versions import VersionsReader

TestOneInput = pattern_target(VersionsReader())
SEEDS = tuple(b"\x7fELF\0" + text + b"\0" for text, _ in PRINTED.values())

if __name__ == "__main__":
    main(TestOneInput)
