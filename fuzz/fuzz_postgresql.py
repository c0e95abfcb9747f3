"""Fuzz the reader ``postgresql``: ``python fuzz/fuzz_postgresql.py`` (with atheris), or ``python fuzz/run.py postgresql``."""

from harness import file_target, main

from asepsis.evidence.readers.config.postgresql import PostgresqlReader

TestOneInput = file_target(PostgresqlReader())

if __name__ == "__main__":
    main(TestOneInput)
