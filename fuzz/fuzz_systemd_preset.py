"""Fuzz the reader ``systemd_preset``: ``python fuzz/fuzz_systemd_preset.py`` (with atheris), or ``python fuzz/run.py systemd_preset``."""

from harness import file_target, main

from asepsis.evidence.readers.config.systemd_preset import SystemdPresetReader

TestOneInput = file_target(SystemdPresetReader())

if __name__ == "__main__":
    main(TestOneInput)
