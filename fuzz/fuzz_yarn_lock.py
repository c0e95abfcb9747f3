"""Fuzz the reader ``yarn_lock``: ``python fuzz/fuzz_yarn_lock.py`` (with atheris), or ``python fuzz/run.py yarn_lock``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.yarn_lock import YarnLockReader

TestOneInput = file_target(YarnLockReader())

if __name__ == "__main__":
    main(TestOneInput)
