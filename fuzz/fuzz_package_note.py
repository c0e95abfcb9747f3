"""Fuzz the reader ``package_note``: ``python fuzz/fuzz_package_note.py`` (with atheris), or ``python fuzz/run.py package_note``."""

from harness import main, pattern_target
from tests.unit.evidence.test_package_note import note

from asepsis.evidence.readers.packages.package_note import PackageNoteReader

TestOneInput = pattern_target(PackageNoteReader())
SEEDS = (note(), note(order=">"))

if __name__ == "__main__":
    main(TestOneInput)
