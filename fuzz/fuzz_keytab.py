"""Fuzz the reader ``keytab``: ``python fuzz/fuzz_keytab.py`` (with atheris), or ``python fuzz/run.py keytab``."""

from harness import file_target, main

from asepsis.evidence.readers.network.keytab import KeytabReader

TestOneInput = file_target(KeytabReader())

if __name__ == "__main__":
    main(TestOneInput)
