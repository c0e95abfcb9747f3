"""Fuzz the reader ``netrc``: ``python fuzz/fuzz_netrc.py`` (with atheris), or ``python fuzz/run.py netrc``."""

from harness import file_target, main

from asepsis.evidence.readers.network.netrc import NetrcReader

TestOneInput = file_target(NetrcReader())

if __name__ == "__main__":
    main(TestOneInput)
