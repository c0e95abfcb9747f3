"""Fuzz the reader ``plist``: ``python fuzz/fuzz_plist.py`` (with atheris), or ``python fuzz/run.py plist``."""

from harness import file_target, main

from asepsis.evidence.readers.network.plist import PlistReader

TestOneInput = file_target(PlistReader())

if __name__ == "__main__":
    main(TestOneInput)
