"""Fuzz the reader ``proftpd``: ``python fuzz/fuzz_proftpd.py`` (with atheris), or ``python fuzz/run.py proftpd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.proftpd import ProftpdReader

TestOneInput = file_target(ProftpdReader())

if __name__ == "__main__":
    main(TestOneInput)
