"""Fuzz the reader ``apk_installed``: ``python fuzz/fuzz_apk_installed.py`` (with atheris), or ``python fuzz/run.py apk_installed``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.apk_installed import ApkInstalledReader

TestOneInput = file_target(ApkInstalledReader())

if __name__ == "__main__":
    main(TestOneInput)
