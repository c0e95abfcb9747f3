"""Fuzz the reader ``firewalld``: ``python fuzz/fuzz_firewalld.py`` (with atheris), or ``python fuzz/run.py firewalld``."""

from harness import file_target, main

from asepsis.evidence.readers.config.firewalld import FirewalldReader

TestOneInput = file_target(FirewalldReader())

if __name__ == "__main__":
    main(TestOneInput)
