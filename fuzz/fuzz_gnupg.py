"""Fuzz the reader ``gnupg``: ``python fuzz/fuzz_gnupg.py`` (with atheris), or ``python fuzz/run.py gnupg``."""

from harness import file_target, main

from asepsis.evidence.readers.keys.gnupg import GnupgReader

TestOneInput = file_target(GnupgReader())

if __name__ == "__main__":
    main(TestOneInput)
