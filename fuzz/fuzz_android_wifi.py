"""Fuzz the reader ``android_wifi``: ``python fuzz/fuzz_android_wifi.py`` (with atheris), or ``python fuzz/run.py android_wifi``."""

from harness import file_target, main

from asepsis.evidence.readers.network.android_wifi import AndroidWifiReader

TestOneInput = file_target(AndroidWifiReader())

if __name__ == "__main__":
    main(TestOneInput)
