"""Fuzz the reader ``connection_files``: ``python fuzz/fuzz_connection_files.py`` (with atheris), or ``python fuzz/run.py connection_files``."""

from harness import file_target, main

from asepsis.evidence.readers.windows.connection_files import ConnectionFilesReader

TestOneInput = file_target(ConnectionFilesReader())

if __name__ == "__main__":
    main(TestOneInput)
