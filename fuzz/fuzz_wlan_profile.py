"""Fuzz the reader ``wlan_profile``: ``python fuzz/fuzz_wlan_profile.py`` (with atheris), or ``python fuzz/run.py wlan_profile``."""

from harness import file_target, main

from asepsis.evidence.readers.network.wlan_profile import WlanProfileReader

TestOneInput = file_target(WlanProfileReader())

if __name__ == "__main__":
    main(TestOneInput)
