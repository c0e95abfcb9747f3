"""Fuzz the reader ``design``: ``python fuzz/fuzz_design.py`` (with atheris), or ``python fuzz/run.py design``."""

from harness import file_target, main

from asepsis.evidence.protocols.design_terms import FORMAT
from asepsis.evidence.readers.designs.design import DesignReader
from asepsis.knowledge.designs import example_design

SEEDS = (
    example_design().encode(),
    f'format = "{FORMAT}"\n[[radio]]\nname = "t"\nband = "ism"\ncarries = ["therapy"]\nkey = "none"\nauthentication = "mutual"\n'.encode(),
    f'format = "{FORMAT}"\n[[update]]\nname = "u"\nzone = "touch"\n[[part]]\nname = "p"\nkind = "phone"\ncommands = ["device"]\n'.encode(),
)

TestOneInput = file_target(DesignReader())

if __name__ == "__main__":
    main(TestOneInput)
