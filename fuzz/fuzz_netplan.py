"""Fuzz the reader ``netplan``: ``python fuzz/fuzz_netplan.py`` (with atheris), or ``python fuzz/run.py netplan``."""

from harness import file_target, main

from asepsis.evidence.readers.network.netplan import NetplanReader

TestOneInput = file_target(NetplanReader())

if __name__ == "__main__":
    main(TestOneInput)
