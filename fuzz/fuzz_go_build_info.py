"""Fuzz the reader ``go_build_info``: ``python fuzz/fuzz_go_build_info.py`` (with atheris), or ``python fuzz/run.py go_build_info``."""

from harness import main, pattern_target
from tests.unit.evidence.made_programs import BASE, elf
from tests.unit.evidence.test_go_build_info import inline, pointed

from asepsis.evidence.readers.packages.go_build_info import GoBuildInfoReader

TestOneInput = pattern_target(GoBuildInfoReader())
SEEDS = (inline(), elf(tail=pointed(BASE + len(elf()), wide=True, big=False)))

if __name__ == "__main__":
    main(TestOneInput)
