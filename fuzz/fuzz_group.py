"""Fuzz the reader ``group``: ``python fuzz/fuzz_group.py`` (with atheris), or ``python fuzz/run.py group``."""

from harness import file_target, main

from asepsis.evidence.readers.config.group import GroupReader

TestOneInput = file_target(GroupReader())

if __name__ == "__main__":
    main(TestOneInput)
