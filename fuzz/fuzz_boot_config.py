"""Fuzz the reader ``boot_config``: ``python fuzz/fuzz_boot_config.py`` (with atheris), or ``python fuzz/run.py boot_config``."""

from harness import file_target, main

from asepsis.evidence.readers.embedded.boot_config import BootConfigReader

TestOneInput = file_target(BootConfigReader())

if __name__ == "__main__":
    main(TestOneInput)
