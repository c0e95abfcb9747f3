"""Fuzz the reader ``registry_text``: ``python fuzz/fuzz_registry_text.py`` (with atheris), or ``python fuzz/run.py registry_text``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.registry_text import RegistryTextReader

TestOneInput = file_target(RegistryTextReader())

if __name__ == "__main__":
    main(TestOneInput)
