"""Fuzz the reader ``nftables``: ``python fuzz/fuzz_nftables.py`` (with atheris), or ``python fuzz/run.py nftables``."""

from harness import file_target, main

from asepsis.evidence.readers.config.nftables import NftablesReader

TestOneInput = file_target(NftablesReader())

if __name__ == "__main__":
    main(TestOneInput)
