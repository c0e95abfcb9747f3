"""Fuzz the reader ``htpasswd``: ``python fuzz/fuzz_htpasswd.py`` (with atheris), or ``python fuzz/run.py htpasswd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.htpasswd import HtpasswdReader

TestOneInput = file_target(HtpasswdReader())

if __name__ == "__main__":
    main(TestOneInput)
