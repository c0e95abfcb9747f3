"""Fuzz the reader ``scripts``: ``python fuzz/fuzz_scripts.py`` (with atheris), or ``python fuzz/run.py scripts``."""

from harness import file_target, main

from asepsis.evidence.readers.config.scripts import ScriptsReader

TestOneInput = file_target(ScriptsReader())

if __name__ == "__main__":
    main(TestOneInput)
