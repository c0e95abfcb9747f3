"""Fuzz the reader ``start_settings``: ``python fuzz/fuzz_start_settings.py`` (with atheris), or ``python fuzz/run.py start_settings``."""

from harness import file_target, main

from asepsis.evidence.readers.config.start_settings import StartSettingsReader

TestOneInput = file_target(StartSettingsReader())

if __name__ == "__main__":
    main(TestOneInput)
