"""Fuzz the reader ``ifcfg``: ``python fuzz/fuzz_ifcfg.py`` (with atheris), or ``python fuzz/run.py ifcfg``."""

from harness import file_target, main

from asepsis.evidence.readers.network.ifcfg import IfcfgReader

TestOneInput = file_target(IfcfgReader())

if __name__ == "__main__":
    main(TestOneInput)
