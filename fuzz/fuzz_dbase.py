"""Fuzz the reader ``dbase``: ``python fuzz/fuzz_dbase.py`` (with atheris), or ``python fuzz/run.py dbase``."""

from harness import file_target, main

from asepsis.evidence.readers.embedded.dbase import DbaseReader

TestOneInput = file_target(DbaseReader(), "a.dbf")

if __name__ == "__main__":
    main(TestOneInput)
