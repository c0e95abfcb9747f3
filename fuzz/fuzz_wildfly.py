"""Fuzz the reader ``wildfly``: ``python fuzz/fuzz_wildfly.py`` (with atheris), or ``python fuzz/run.py wildfly``."""

from harness import file_target, main

from asepsis.evidence.readers.clinical.wildfly import WildflyReader

TestOneInput = file_target(WildflyReader())

if __name__ == "__main__":
    main(TestOneInput)
