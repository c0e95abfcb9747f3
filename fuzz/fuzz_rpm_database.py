"""Fuzz the reader ``rpm_database``: ``python fuzz/fuzz_rpm_database.py`` (with atheris), or ``python fuzz/run.py rpm_database``."""

from harness import file_target, main
from tests.unit.evidence.rpm_databases import berkeley, header, ndb, sqlite

from asepsis.evidence.readers.packages.rpm_database import RpmDatabaseReader

TestOneInput = file_target(RpmDatabaseReader(), "var/lib/rpm/Packages")
_PACKAGES = (header("a", requires=("b", "c" * 200, "d" * 400)), header("b", epoch=1))
SEEDS = (sqlite(*_PACKAGES), ndb(*_PACKAGES), berkeley(*_PACKAGES), berkeley(*_PACKAGES, order=">"))

if __name__ == "__main__":
    main(TestOneInput)
