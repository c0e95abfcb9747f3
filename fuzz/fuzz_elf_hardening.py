"""Fuzz the reader ``elf_hardening``: ``python fuzz/fuzz_elf_hardening.py`` (with atheris), or ``python fuzz/run.py elf_hardening``."""

from harness import file_target, main
from tests.unit.evidence.made_programs import elf

from asepsis.evidence.readers.programs.elf_hardening import ElfHardeningReader

TestOneInput = file_target(ElfHardeningReader())
SEEDS = (
    elf(imports=("printf", "bind", "listen"), kind=2, stack=7, symbols=("main",)),
    elf(wide=False, big=True, machine=8, paths=((29, "lib:$ORIGIN"),)),
)

if __name__ == "__main__":
    main(TestOneInput)
