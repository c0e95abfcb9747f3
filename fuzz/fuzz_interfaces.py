"""Fuzz the reader ``interfaces``: ``python fuzz/fuzz_interfaces.py`` (with atheris), or ``python fuzz/run.py interfaces``."""

from harness import file_target, main

from asepsis.evidence.readers.config.interfaces import InterfacesReader

TestOneInput = file_target(InterfacesReader())

if __name__ == "__main__":
    main(TestOneInput)
