"""Fuzz the reader ``mongod``: ``python fuzz/fuzz_mongod.py`` (with atheris), or ``python fuzz/run.py mongod``."""

from harness import file_target, main

from asepsis.evidence.readers.config.mongod import MongodReader

TestOneInput = file_target(MongodReader())

if __name__ == "__main__":
    main(TestOneInput)
