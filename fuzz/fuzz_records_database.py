"""Fuzz the reader ``records_database``: ``python fuzz/fuzz_records_database.py`` (with atheris), or ``python fuzz/run.py records_database``."""

from harness import file_target, main

from asepsis.evidence.readers.clinical.records_database import RecordsDatabaseReader

TestOneInput = file_target(RecordsDatabaseReader())

if __name__ == "__main__":
    main(TestOneInput)
