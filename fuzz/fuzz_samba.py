"""Fuzz the reader ``samba``: ``python fuzz/fuzz_samba.py`` (with atheris), or ``python fuzz/run.py samba``."""

from harness import file_target, main

from asepsis.evidence.readers.config.samba import SambaReader

TestOneInput = file_target(SambaReader())

if __name__ == "__main__":
    main(TestOneInput)
