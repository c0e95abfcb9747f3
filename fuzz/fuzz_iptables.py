"""Fuzz the reader ``iptables``: ``python fuzz/fuzz_iptables.py`` (with atheris), or ``python fuzz/run.py iptables``."""

from harness import file_target, main

from asepsis.evidence.readers.config.iptables import IptablesReader

TestOneInput = file_target(IptablesReader())

if __name__ == "__main__":
    main(TestOneInput)
