"""Fuzz the reader ``wpa_supplicant``: ``python fuzz/fuzz_wpa_supplicant.py`` (with atheris), or ``python fuzz/run.py wpa_supplicant``."""

from harness import file_target, main

from asepsis.evidence.readers.config.wpa_supplicant import WpaSupplicantReader

TestOneInput = file_target(WpaSupplicantReader())

if __name__ == "__main__":
    main(TestOneInput)
