"""Fuzz the reader ``passwd``: ``python fuzz/fuzz_passwd.py`` (with atheris), or ``python fuzz/run.py passwd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.passwd import PasswdReader

TestOneInput = file_target(PasswdReader())

if __name__ == "__main__":
    main(TestOneInput)
