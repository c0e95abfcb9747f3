"""Fuzz the reader ``mysqld``: ``python fuzz/fuzz_mysqld.py`` (with atheris), or ``python fuzz/run.py mysqld``."""

from harness import file_target, main

from asepsis.evidence.readers.config.mysqld import MysqldReader

TestOneInput = file_target(MysqldReader())

if __name__ == "__main__":
    main(TestOneInput)
