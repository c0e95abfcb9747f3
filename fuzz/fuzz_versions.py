"""Fuzz the reader ``versions``: ``python fuzz/fuzz_versions.py`` (with atheris), or ``python fuzz/run.py versions``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.versions import VersionsReader

TestOneInput = pattern_target(VersionsReader())

if __name__ == "__main__":
    main(TestOneInput)
