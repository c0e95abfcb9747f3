"""Fuzz the reader ``apache``: ``python fuzz/fuzz_apache.py`` (with atheris), or ``python fuzz/run.py apache``."""

from harness import file_target, main

from asepsis.evidence.readers.config.apache import ApacheReader

TestOneInput = file_target(ApacheReader())

if __name__ == "__main__":
    main(TestOneInput)
