"""Fuzz the reader ``tunnels``: ``python fuzz/fuzz_tunnels.py`` (with atheris), or ``python fuzz/run.py tunnels``."""

from harness import file_target, main

from asepsis.evidence.readers.config.tunnels import TunnelsReader

TestOneInput = file_target(TunnelsReader())

if __name__ == "__main__":
    main(TestOneInput)
