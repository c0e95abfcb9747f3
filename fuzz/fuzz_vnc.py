"""Fuzz the reader ``vnc``: ``python fuzz/fuzz_vnc.py`` (with atheris), or ``python fuzz/run.py vnc``."""

from harness import file_target, main

from asepsis.evidence.readers.config.vnc import VncReader

TestOneInput = file_target(VncReader())

if __name__ == "__main__":
    main(TestOneInput)
