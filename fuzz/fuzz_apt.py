"""Fuzz the reader ``apt``: ``python fuzz/fuzz_apt.py`` (with atheris), or ``python fuzz/run.py apt``."""

from harness import file_target, main

from asepsis.evidence.readers.update.apt import AptReader

TestOneInput = file_target(AptReader())

if __name__ == "__main__":
    main(TestOneInput)
