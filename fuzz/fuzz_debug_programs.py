"""Fuzz the reader ``debug_programs``: ``python fuzz/fuzz_debug_programs.py`` (with atheris), or ``python fuzz/run.py debug_programs``."""

from harness import file_target, main
from tests.unit.evidence.made_programs import elf, pe

from asepsis.evidence.readers.programs.debug_programs import DebugProgramsReader

TestOneInput = file_target(DebugProgramsReader(), "usr/bin/gdbserver")
SEEDS = (elf(), pe())

if __name__ == "__main__":
    main(TestOneInput)
