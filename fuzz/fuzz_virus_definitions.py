"""Fuzz the reader ``virus_definitions``: ``python fuzz/fuzz_virus_definitions.py`` (with atheris), or ``python fuzz/run.py virus_definitions``."""

from harness import file_target, main

from asepsis.evidence.readers.config.virus_definitions import VirusDefinitionsReader

TestOneInput = file_target(VirusDefinitionsReader())

if __name__ == "__main__":
    main(TestOneInput)
