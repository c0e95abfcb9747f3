"""Fuzz the reader ``debug_lock``: ``python fuzz/fuzz_debug_lock.py`` (with atheris), or ``python fuzz/run.py debug_lock``."""

from harness import file_target, main

from asepsis.evidence.readers.embedded.debug_lock import DebugLockReader

TestOneInput = file_target(DebugLockReader(), "image-10001200.bin")

if __name__ == "__main__":
    main(TestOneInput)
