"""Fuzz the reader ``snmpd``: ``python fuzz/fuzz_snmpd.py`` (with atheris), or ``python fuzz/run.py snmpd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.snmpd import SnmpdReader

TestOneInput = file_target(SnmpdReader())

if __name__ == "__main__":
    main(TestOneInput)
