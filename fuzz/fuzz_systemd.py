"""Fuzz the reader ``systemd``: ``python fuzz/fuzz_systemd.py`` (with atheris), or ``python fuzz/run.py systemd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.systemd import SystemdReader

TestOneInput = file_target(SystemdReader())

if __name__ == "__main__":
    main(TestOneInput)
