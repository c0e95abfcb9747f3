"""Fuzz the reader ``hash_lines``: ``python fuzz/fuzz_hash_lines.py`` (with atheris), or ``python fuzz/run.py hash_lines``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.hash_lines import HashLinesReader

TestOneInput = pattern_target(HashLinesReader())
SEEDS = (
    b"user:$1$12345678$" + b"a" * 22 + b":17073:2:::::\n",
    b"\0\1 john:$6$HcGU0JUp$" + b"c" * 86 + b":17190\n",
    b"root:ST0P8z9dZb6Jg:17073:0:::::\nadmin:{SHA}" + b"A" * 27 + b"=\n",
)

if __name__ == "__main__":
    main(TestOneInput)
