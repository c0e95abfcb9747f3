"""Fuzz the reader ``opkg_conf``: ``python fuzz/fuzz_opkg_conf.py`` (with atheris), or ``python fuzz/run.py opkg_conf``."""

from harness import file_target, main

from asepsis.evidence.readers.config.opkg_conf import OpkgConfReader

TestOneInput = file_target(OpkgConfReader())

if __name__ == "__main__":
    main(TestOneInput)
