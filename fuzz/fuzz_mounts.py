"""Fuzz the reader ``mounts``: ``python fuzz/fuzz_mounts.py`` (with atheris), or ``python fuzz/run.py mounts``."""

from harness import file_target, main

from asepsis.evidence.readers.network.mounts import MountsReader

TestOneInput = file_target(MountsReader())

if __name__ == "__main__":
    main(TestOneInput)
