"""Fuzz the reader ``pgpass``: ``python fuzz/fuzz_pgpass.py`` (with atheris), or ``python fuzz/run.py pgpass``."""

from harness import file_target, main

from asepsis.evidence.readers.network.pgpass import PgpassReader

TestOneInput = file_target(PgpassReader())

if __name__ == "__main__":
    main(TestOneInput)
