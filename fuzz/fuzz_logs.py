"""Fuzz the reader ``logs``: ``python fuzz/fuzz_logs.py`` (with atheris), or ``python fuzz/run.py logs``."""

from harness import file_target, main

from asepsis.evidence.readers.network.logs import LogsReader

TestOneInput = file_target(LogsReader())

if __name__ == "__main__":
    main(TestOneInput)
