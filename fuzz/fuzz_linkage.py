"""Fuzz the reader ``linkage``: ``python fuzz/fuzz_linkage.py`` (with atheris), or ``python fuzz/run.py linkage``."""

from harness import file_target, main
from tests.unit.evidence.made_programs import elf

from asepsis.evidence.readers.programs.linkage import LinkageReader

TestOneInput = file_target(LinkageReader(), "usr/sbin/agent")
SEEDS = (elf(imports=("printf", "SSL_read")), elf(wide=False, big=True, machine=8))

if __name__ == "__main__":
    main(TestOneInput)
