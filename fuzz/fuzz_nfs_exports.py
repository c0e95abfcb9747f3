"""Fuzz the reader ``nfs_exports``: ``python fuzz/fuzz_nfs_exports.py`` (with atheris), or ``python fuzz/run.py nfs_exports``."""

from harness import file_target, main

from asepsis.evidence.readers.config.nfs_exports import NfsExportsReader

TestOneInput = file_target(NfsExportsReader())

if __name__ == "__main__":
    main(TestOneInput)
