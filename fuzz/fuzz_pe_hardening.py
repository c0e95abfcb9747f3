"""Fuzz the reader ``pe_hardening``: ``python fuzz/fuzz_pe_hardening.py`` (with atheris), or ``python fuzz/run.py pe_hardening``."""

from harness import file_target, main
from tests.unit.evidence.made_programs import pe

from asepsis.evidence.readers.programs.pe_hardening import PeHardeningReader

TestOneInput = file_target(PeHardeningReader())
SEEDS = (
    pe(imports=("bind", "listen")),
    pe(machine=0x14C, wide=False, dll_flags=0x4140, handlers=True, imports=("bind",)),
    pe(machine=0x14C, wide=False, dll_flags=0, signed=False, imports=("bind", "listen", "accept")),
)

if __name__ == "__main__":
    main(TestOneInput)
