"""Fuzz the reader ``android_init``: ``python fuzz/fuzz_android_init.py`` (with atheris), or ``python fuzz/run.py android_init``."""

from harness import file_target, main

from asepsis.evidence.readers.config.android_init import AndroidInitReader

TestOneInput = file_target(AndroidInitReader())

if __name__ == "__main__":
    main(TestOneInput)
