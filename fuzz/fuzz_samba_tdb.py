"""Fuzz the reader ``samba_tdb``: ``python fuzz/fuzz_samba_tdb.py`` (with atheris), or ``python fuzz/run.py samba_tdb``."""

from harness import file_target, main
from tests.unit.evidence.test_samba_tdb import account, tdb

from asepsis.evidence.readers.network.samba_tdb import SambaTdbReader

TestOneInput = file_target(SambaTdbReader())
SEEDS = (tdb({"USER_biomed": account("biomed"), "INFO/version": bytes([4, 0, 0, 0])}), tdb({"SECRETS/MACHINE_PASSWORD/WARD": b"Tq7-ward9"}, ">"))

if __name__ == "__main__":
    main(TestOneInput)
