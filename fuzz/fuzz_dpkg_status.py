"""Fuzz the reader ``dpkg_status``: ``python fuzz/fuzz_dpkg_status.py`` (with atheris), or ``python fuzz/run.py dpkg_status``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.dpkg_status import DpkgStatusReader

TestOneInput = file_target(DpkgStatusReader())

if __name__ == "__main__":
    main(TestOneInput)
