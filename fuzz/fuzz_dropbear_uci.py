"""Fuzz the reader ``dropbear_uci``: ``python fuzz/fuzz_dropbear_uci.py`` (with atheris), or ``python fuzz/run.py dropbear_uci``."""

from harness import file_target, main

from asepsis.evidence.readers.config.dropbear_uci import DropbearUciReader

TestOneInput = file_target(DropbearUciReader())

if __name__ == "__main__":
    main(TestOneInput)
