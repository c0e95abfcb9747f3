"""Fuzz the reader ``registry_hive``: ``python fuzz/fuzz_registry_hive.py`` (with atheris), or ``python fuzz/run.py registry_hive``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.registry_hive import RegistryHiveReader

TestOneInput = file_target(RegistryHiveReader())

if __name__ == "__main__":
    main(TestOneInput)
