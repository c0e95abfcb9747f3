"""Fuzz the reader ``hash_lines``: ``python fuzz/fuzz_hash_lines.py`` (with atheris), or ``python fuzz/run.py hash_lines``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.hash_lines import HashLinesReader

TestOneInput = pattern_target(HashLinesReader())

if __name__ == "__main__":
    main(TestOneInput)
