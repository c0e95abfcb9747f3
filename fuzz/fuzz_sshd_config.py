"""Fuzz the reader ``sshd_config``: ``python fuzz/fuzz_sshd_config.py`` (with atheris), or ``python fuzz/run.py sshd_config``."""

from harness import file_target, main

from asepsis.evidence.readers.config.sshd_config import SshdConfigReader

TestOneInput = file_target(SshdConfigReader())

if __name__ == "__main__":
    main(TestOneInput)
