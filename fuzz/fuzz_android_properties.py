"""Fuzz the reader ``android_properties``: ``python fuzz/fuzz_android_properties.py`` (with atheris), or ``python fuzz/run.py android_properties``."""

from harness import file_target, main

from asepsis.evidence.readers.programs.android_properties import AndroidPropertiesReader

TestOneInput = file_target(AndroidPropertiesReader())

if __name__ == "__main__":
    main(TestOneInput)
