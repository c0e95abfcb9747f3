"""Fuzz the reader ``composer_installed``: ``python fuzz/fuzz_composer_installed.py`` (with atheris), or ``python fuzz/run.py composer_installed``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.composer_installed import ComposerInstalledReader

TestOneInput = file_target(ComposerInstalledReader())

if __name__ == "__main__":
    main(TestOneInput)
