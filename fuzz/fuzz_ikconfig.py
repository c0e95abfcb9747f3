"""Fuzz the reader ``ikconfig``: ``python fuzz/fuzz_ikconfig.py`` (with atheris), or ``python fuzz/run.py ikconfig``."""

import gzip

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.ikconfig import IkconfigReader

TestOneInput = pattern_target(IkconfigReader())
SEEDS = (b"IKCFG_ST" + gzip.compress(b"CONFIG_BT=y\n", mtime=0) + b"IKCFG_ED",)

if __name__ == "__main__":
    main(TestOneInput)
