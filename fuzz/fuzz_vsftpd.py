"""Fuzz the reader ``vsftpd``: ``python fuzz/fuzz_vsftpd.py`` (with atheris), or ``python fuzz/run.py vsftpd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.vsftpd import VsftpdReader

TestOneInput = file_target(VsftpdReader())

if __name__ == "__main__":
    main(TestOneInput)
