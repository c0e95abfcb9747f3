"""Fuzz the reader ``program_names``: ``python fuzz/fuzz_program_names.py`` (with atheris), or ``python fuzz/run.py program_names``."""

from harness import file_target, main

from asepsis.evidence.readers.programs.program_names import ProgramNamesReader

TestOneInput = file_target(ProgramNamesReader(), "bin/busybox", ("bin/telnetd", "sbin/init"))
SEEDS = (b"\x7fELF",)

if __name__ == "__main__":
    main(TestOneInput)
