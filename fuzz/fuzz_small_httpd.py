"""Fuzz the reader ``small_httpd``: ``python fuzz/fuzz_small_httpd.py`` (with atheris), or ``python fuzz/run.py small_httpd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.small_httpd import SmallHttpdReader

TestOneInput = file_target(SmallHttpdReader())

if __name__ == "__main__":
    main(TestOneInput)
