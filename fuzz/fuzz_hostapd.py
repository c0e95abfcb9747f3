"""Fuzz the reader ``hostapd``: ``python fuzz/fuzz_hostapd.py`` (with atheris), or ``python fuzz/run.py hostapd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.hostapd import HostapdReader

TestOneInput = file_target(HostapdReader())

if __name__ == "__main__":
    main(TestOneInput)
