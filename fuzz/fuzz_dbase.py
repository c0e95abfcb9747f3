"""Fuzz the reader ``dbase``: ``python fuzz/fuzz_dbase.py`` (with atheris), or ``python fuzz/run.py dbase``."""

from harness import file_target, main
from tests.unit.evidence.test_dbase import table

from asepsis.evidence.readers.embedded.dbase import DbaseReader

TestOneInput = file_target(DbaseReader(), "a.dbf")
SEEDS = (table("LASTNAME", "BIRTHDATE", "DIAGNOSIS"), table("CITY", "NAME"), table("MRN", "NAME", "SEX", encrypted=True))

if __name__ == "__main__":
    main(TestOneInput)
