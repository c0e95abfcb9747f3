"""Fuzz the reader ``os_release``: ``python fuzz/fuzz_os_release.py`` (with atheris), or ``python fuzz/run.py os_release``."""

from harness import file_target, main

from asepsis.evidence.readers.config.os_release import OsReleaseReader

TestOneInput = file_target(OsReleaseReader())

if __name__ == "__main__":
    main(TestOneInput)
