"""Fuzz the reader ``cargo_lock``: ``python fuzz/fuzz_cargo_lock.py`` (with atheris), or ``python fuzz/run.py cargo_lock``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.cargo_lock import CargoLockReader

TestOneInput = file_target(CargoLockReader())

if __name__ == "__main__":
    main(TestOneInput)
