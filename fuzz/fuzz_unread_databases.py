"""Fuzz the reader ``unread_databases``: ``python fuzz/fuzz_unread_databases.py`` (with atheris), or ``python fuzz/run.py unread_databases``."""

from harness import file_target, main

from asepsis.evidence.readers.embedded.unread_databases import UnreadDatabasesReader

TestOneInput = file_target(UnreadDatabasesReader(), "a.fdb")

if __name__ == "__main__":
    main(TestOneInput)
