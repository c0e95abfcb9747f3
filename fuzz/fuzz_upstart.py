"""Fuzz the reader ``upstart``: ``python fuzz/fuzz_upstart.py`` (with atheris), or ``python fuzz/run.py upstart``."""

from harness import file_target, main

from asepsis.evidence.readers.config.upstart import UpstartReader

TestOneInput = file_target(UpstartReader())

if __name__ == "__main__":
    main(TestOneInput)
