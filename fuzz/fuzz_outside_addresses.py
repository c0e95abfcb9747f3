"""Fuzz the reader ``outside_addresses``: ``python fuzz/fuzz_outside_addresses.py`` (with atheris), or ``python fuzz/run.py outside_addresses``."""

from harness import main, pattern_target

from asepsis.evidence.readers.programs.outside_addresses import OutsideAddressesReader

TestOneInput = pattern_target(OutsideAddressesReader())
SEEDS = (b"#!/bin/sh\nmount -t nfs 203.0.114.9:/pm /mnt\nwget http://203.0.114.10/x\n", b"\0ftp://a@203.0.114.9/\0nc 203.0.114.9\0")

if __name__ == "__main__":
    main(TestOneInput)
