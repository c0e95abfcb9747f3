"""Fuzz the reader ``conquest``: ``python fuzz/fuzz_conquest.py`` (with atheris), or ``python fuzz/run.py conquest``."""

from harness import file_target, main

from asepsis.evidence.readers.clinical.conquest import ConquestReader

TestOneInput = file_target(ConquestReader())

if __name__ == "__main__":
    main(TestOneInput)
