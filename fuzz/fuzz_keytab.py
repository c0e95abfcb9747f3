"""Fuzz the reader ``keytab``: ``python fuzz/fuzz_keytab.py`` (with atheris), or ``python fuzz/run.py keytab``."""

from harness import file_target, main
from tests.unit.evidence.test_keytab import entry

from asepsis.evidence.readers.network.keytab import KeytabReader

TestOneInput = file_target(KeytabReader(), "etc/krb5.keytab")
SEEDS = (b"\5\2" + entry() + entry("pump"), b"\5\1" + entry(order="<"))

if __name__ == "__main__":
    main(TestOneInput)
