"""Fuzz the reader ``smbpasswd``: ``python fuzz/fuzz_smbpasswd.py`` (with atheris), or ``python fuzz/run.py smbpasswd``."""

from harness import file_target, main

from asepsis.evidence.readers.network.smbpasswd import SmbpasswdReader

TestOneInput = file_target(SmbpasswdReader())

if __name__ == "__main__":
    main(TestOneInput)
