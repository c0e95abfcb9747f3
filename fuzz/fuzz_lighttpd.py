"""Fuzz the reader ``lighttpd``: ``python fuzz/fuzz_lighttpd.py`` (with atheris), or ``python fuzz/run.py lighttpd``."""

from harness import file_target, main

from asepsis.evidence.readers.config.lighttpd import LighttpdReader

TestOneInput = file_target(LighttpdReader())

if __name__ == "__main__":
    main(TestOneInput)
