"""Fuzz the reader ``opkg_status``: ``python fuzz/fuzz_opkg_status.py`` (with atheris), or ``python fuzz/run.py opkg_status``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.opkg_status import OpkgStatusReader

TestOneInput = file_target(OpkgStatusReader())

if __name__ == "__main__":
    main(TestOneInput)
