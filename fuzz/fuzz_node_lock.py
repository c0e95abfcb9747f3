"""Fuzz the reader ``node_lock``: ``python fuzz/fuzz_node_lock.py`` (with atheris), or ``python fuzz/run.py node_lock``."""

from harness import file_target, main

from asepsis.evidence.readers.packages.node_lock import NodeLockReader

TestOneInput = file_target(NodeLockReader())

if __name__ == "__main__":
    main(TestOneInput)
