"""Fuzz the reader ``uci_wireless``: ``python fuzz/fuzz_uci_wireless.py`` (with atheris), or ``python fuzz/run.py uci_wireless``."""

from harness import file_target, main

from asepsis.evidence.readers.config.uci_wireless import UciWirelessReader

TestOneInput = file_target(UciWirelessReader())

if __name__ == "__main__":
    main(TestOneInput)
